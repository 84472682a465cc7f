/**
 * Names that Docker Hub has without an owner, deprecated ones included (docker-library/official-images). A name of one word that
 * is none of these is an image built on the spot, or a build context named on the command line.
 */
export const officialImages: ReadonlySet<string> = new Set(
  `
    adminer adoptopenjdk aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
    azul-zulu backdrop bash bonita buildpack-deps busybox caddy cassandra celery centos chronograf cirros
    clearlinux clefos clickhouse clojure composer consul convertigo couchbase couchdb crate dart debian django
    docker docker-dev drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang espocrm
    euleros express-gateway fedora flink fluentd friendica fsharp gazebo gcc geonetwork ghost golang gradle groovy
    haproxy haskell haxe hello-world hipache hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi
    java jenkins jetty joomla jruby julia kaazing-gateway kapacitor kibana kong krakend lightstreamer liquibase
    logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mono mysql nats neo4j
    neurodebian nextcloud nginx nim node notary nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb
    owncloud percona perl photon php php-zendserver phpmyadmin piwik plone postfixadmin postgres pypy python
    r-base rabbitmq rails rakudo-star redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust
    sapmachine satosa sentry silverpeas sl solr sonarqube spark spiped storm swarm swift swipl teamspeak telegraf
    tomcat tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit varnish vault websphere-liberty wordpress
    xwiki yourls znc zookeeper
  `
    .trim()
    .split(/\s+/),
);
