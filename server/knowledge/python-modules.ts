/**
 * Modules of Python's library that a file of the working folder would stand in for where a program is called as `python -m`
 * (https://docs.python.org/3/library/sys.html#sys.path), as of 3.13; left out are those that are loaded before.
 */
export const shadowedModules: readonly string[] = `
aifc argparse array ast asynchat asyncio asyncore audioop base64 bdb binascii bisect bz2 cProfile calendar cgi cgitb
chunk cmath cmd code codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg
crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email ensurepip enum fcntl
filecmp fileinput fnmatch fractions ftplib functools getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac
html http imaplib imghdr imp importlib inspect ipaddress json keyword linecache locale logging lzma mailbox mailcap math
mimetypes mmap modulefinder multiprocessing netrc nis nntplib nturl2path numbers opcode operator optparse ossaudiodev
pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib pprint profile pstats pty pwd py_compile pyclbr
pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
selectors shelve shlex shutil signal smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants
sre_parse ssl statistics string stringprep struct subprocess sunau symtable sysconfig syslog tabnanny tarfile telnetlib
tempfile termios textwrap threading timeit token tokenize tomllib trace traceback tracemalloc tty types typing
unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile
zipimport zlib zoneinfo
`
  .trim()
  .split(/\s+/);
