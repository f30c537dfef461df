/* The floor under a probe: what the same thing costs in C with nothing around it.

   floor http ADDRESS PORT COUNT FLIGHT   connect, GET, read to the end, close; FLIGHT at a time, by epoll
   floor postgres CONNINFO COUNT          libpq: connect, SELECT 1, close

   The caller measures what the process has used. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void open_connection(int epoll, const struct sockaddr_in *address) {
  int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (s < 0) die("socket");
  if (connect(s, (const void *)address, sizeof *address) && errno != EINPROGRESS) die("connect");
  struct epoll_event event = {.events = EPOLLOUT, .data.fd = s};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, s, &event)) die("epoll_ctl");
}

static void ask(int epoll, int s) {
  static const char request[] = "GET /floor HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  if (write(s, request, sizeof request - 1) < 0) die("write");
  struct epoll_event event = {.events = EPOLLIN, .data.fd = s};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, s, &event)) die("epoll_ctl");
}

/* Whether the answer has ended. */
static int read_answer(int s) {
  char bytes[4096];
  ssize_t count;
  while ((count = read(s, bytes, sizeof bytes)) > 0) continue;
  return count == 0 || errno != EAGAIN;
}

static void http(const char *host, int port, long count, long flight) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die(host);
  int epoll = epoll_create1(0);
  long begun = 0, done = 0;
  struct epoll_event events[256];
  for (; begun < flight && begun < count; begun++) open_connection(epoll, &address);
  while (done < count) {
    int ready = epoll_wait(epoll, events, 256, 5000);
    if (ready <= 0) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int s = events[i].data.fd;
      if (events[i].events & EPOLLOUT) {
        ask(epoll, s);
      } else if (read_answer(s)) {
        close(s);
        done++;
        if (begun < count) open_connection(epoll, &address), begun++;
      }
    }
  }
}

static void postgres(const char *conninfo, long count) {
  for (long i = 0; i < count; i++) {
    PGconn *connection = PQconnectdb(conninfo);
    if (PQstatus(connection) != CONNECTION_OK) {
      fprintf(stderr, "%s", PQerrorMessage(connection));
      exit(1);
    }
    PQclear(PQexec(connection, "SELECT 1"));
    PQfinish(connection);
  }
}

int main(int count, char **words) {
  if (count == 6 && !strcmp(words[1], "http")) {
    http(words[2], atoi(words[3]), atol(words[4]), atol(words[5]));
  } else if (count == 4 && !strcmp(words[1], "postgres")) {
    postgres(words[2], atol(words[3]));
  } else {
    fprintf(stderr, "usage: floor http ADDRESS PORT COUNT FLIGHT | floor postgres CONNINFO COUNT\n");
    return 64;
  }
  return 0;
}
