# PostgreSQL with Vitals around it: metrics, /health and /healthz on 9091, beside the database in one
# container. From the repository's root, after `make dist`:
#
#   docker build --file deploy/docker/postgres.Dockerfile --tag postgres-vitals .
#
# VITALS_DSN says how to log in, or VITALS_DSN_FILE names the file that does; the database gets neither.
FROM postgres:16-bookworm
COPY .build/dist/vitals /usr/bin/vitals
EXPOSE 5432 9091
ENTRYPOINT ["/usr/bin/vitals", "wrap", "--export-prom", ":9091", "--service-name", "postgres", "--", "docker-entrypoint.sh"]
# As in the image underneath: a fast shutdown, which is passed on.
STOPSIGNAL SIGINT
CMD ["postgres"]
