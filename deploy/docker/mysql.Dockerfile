# MySQL with Vitals around it, as postgres.Dockerfile has it for PostgreSQL: metrics, /health and /healthz on
# 9091. From the repository's root, after `make dist`:
#
#   docker build --file deploy/docker/mysql.Dockerfile --tag mysql-vitals .
#
# Of the image's variants this has to be the one on Debian: the other's glibc (2.34) is older than what the binary
# wants (docs/deployment.md). MariaDB's images suit as they are, with mariadbd as the command.
FROM mysql:8.0-bookworm
COPY .build/dist/vitals /usr/bin/vitals
EXPOSE 3306 9091
ENTRYPOINT ["/usr/bin/vitals", "wrap", "--export-prom", ":9091", "--service-name", "mysql", "--", "docker-entrypoint.sh"]
CMD ["mysqld"]
