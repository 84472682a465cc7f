import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const files: MemoryFiles = { 'index.php': '<?php', 'src/app.php': '<?php', '.dockerignore': 'Dockerfile\n' };
const html = 'COPY . /var/www/html/\n';

function isMoved(from: string, copy: string, run: string): boolean {
  return (
    propose(`FROM ${from}\n${copy}RUN ${run}\n`, files, ['src/app.php']).text === `FROM ${from}\nRUN ${run}\n${copy}`
  );
}

describe('What web servers serve', () => {
  it('is left alone by packages that are no part of a web server', () => {
    for (const run of [
      'apt-get update && apt-get install -y --no-install-recommends git unzip libzip-dev=1.7.3-1 && rm -rf /var/lib/apt/lists/*',
      'docker-php-ext-install pdo_mysql && a2enmod rewrite',
    ])
      assert.ok(isMoved('php:8.4-apache', html, run), run);
    assert.ok(isMoved('php:8.4-fpm-alpine', html, 'apk add --no-cache --virtual .deps $PHPIZE_DEPS icu-dev'));
    assert.ok(isMoved('nginx:alpine', 'COPY . /usr/share/nginx/html\n', 'apk add --no-cache bash curl'));
    assert.ok(isMoved('httpd:2.4', 'COPY . /usr/local/apache2/htdocs/\n', 'apt-get update && apt-get install -y curl'));
  });

  it('may be what any other package brings, or an upgrade', () => {
    for (const run of [
      'apt-get update && apt-get install -y apache2',
      'apt-get update && apt-get install -y php',
      'apt-get update && apt-get install -y libapache2-mod-php',
      'dnf install -y httpd-devel',
      'apt-get update && apt-get install -y $PACKAGES',
      'apt-get update && apt-get upgrade -y',
      'dpkg -i /tmp/site.deb',
      'apk add --no-cache nginx',
    ])
      assert.match(
        whyBehind(`FROM debian:13\n${html}RUN ${run}\n`, files, 'COPY', 'RUN') ?? '',
        /may bring a web server with files of its own, over which `COPY \. \/var\/www\/html\/` copies$/,
        run,
      );
  });

  it('is not passed by what brings a web server, where a command works on it', () => {
    const text =
      'FROM debian:13\nCOPY . /srv\nRUN mkdir -p /var/www/html && touch /var/www/html/x\nRUN apt-get update && apt-get install -y apache2\n';
    assert.match(whyBehind(text, files, 'RUN mkdir', 'RUN apt-get') ?? '', /both touch \/var\/www\/html/);
  });

  it('is a project like any other to its package manager', () => {
    const text =
      'FROM php:8.4-apache\nWORKDIR /var/www/html\nCOPY . .\nRUN composer install --no-scripts --no-autoloader\n';
    const more = {
      ...files,
      'composer.json': '{"require": {"a/b": "1.0"}}',
      'composer.lock': '{"packages": [{"name": "a/b", "dist": {"type": "zip"}}]}',
      '.dockerignore': 'Dockerfile\nvendor\n',
    };
    assert.equal(
      propose(text, more, ['src/app.php']).text,
      'FROM php:8.4-apache\nWORKDIR /var/www/html\nCOPY composer.json composer.lock ./\nRUN composer install --no-scripts --no-autoloader\nCOPY . .\n',
    );
  });
});
