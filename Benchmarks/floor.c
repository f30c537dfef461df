/* The floor under a probe: what the same thing costs in C with nothing around it.

   floor http ADDRESS PORT COUNT RATE   connect, GET, read to the end, close, by epoll; RATE a second, or as
                                        fast as it goes, 32 at a time, if it is 0
   floor postgres CONNINFO COUNT          libpq: connect, SELECT 1, close
   floor redis ADDRESS PORT COUNT         connect, HELLO, INFO server, PING, each answered, close
   floor udp ADDRESS PORT COUNT           a socket, a question by DNS, its answer, close
   floor icmp ADDRESS COUNT               a socket, an echo request, its reply, close

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
#include <time.h>
#include <unistd.h>

#define FLIGHT 32

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

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void http(const char *host, int port, long count, double rate) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die(host);
  int epoll = epoll_create1(0);
  long begun = 0, done = 0;
  struct epoll_event events[256];
  double start = seconds();
  while (done < count) {
    double due = rate ? start + begun / rate : 0, left = 5;
    for (; begun < count && (rate ? due <= seconds() : begun - done < FLIGHT); due = start + begun / rate) {
      open_connection(epoll, &address);
      begun++;
    }
    if (rate && begun < count) left = due - seconds();
    int ready = epoll_wait(epoll, events, 256, left > 0 ? left * 1000 + 1 : 0);
    if (ready < 0 || (ready == 0 && !rate)) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int s = events[i].data.fd;
      if (events[i].events & EPOLLOUT) {
        ask(epoll, s);
      } else if (read_answer(s)) {
        close(s);
        done++;
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

/* What a probe says, one command after the other: the last bytes of each reply are known. */
static void redis(const char *host, int port, long count) {
  static const char *const commands[] = {
      "*4\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$7\r\nSETNAME\r\n$6\r\nvitals\r\n",
      "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", "*1\r\n$4\r\nPING\r\n"};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die(host);
  for (long i = 0; i < count; i++) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0) die("socket");
    if (connect(s, (const void *)&address, sizeof address)) die("connect");
    for (int command = 0; command < 3; command++) {
      char reply[4096];
      if (write(s, commands[command], strlen(commands[command])) < 0) die("write");
      if (read(s, reply, sizeof reply) <= 0) die("read");
    }
    close(s);
  }
}

/* One datagram each way, with a socket of its own. */
static void exchange(const char *host, int port, int protocol, const void *bytes, size_t length, long count) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die(host);
  struct timeval patience = {.tv_sec = 5};
  char answer[512];
  for (long i = 0; i < count; i++) {
    int s = socket(AF_INET, SOCK_DGRAM, protocol);
    if (s < 0) die("socket");
    if (setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience)) die("setsockopt");
    if (connect(s, (const void *)&address, sizeof address)) die("connect");
    if (send(s, bytes, length, 0) < 0) die("send");
    if (recv(s, answer, sizeof answer, 0) < 0) die("recv");
    close(s);
  }
}

/* www.example.com, A. */
static const char question[] =
    "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07" "example\x03" "com\x00\x00\x01\x00\x01";
static const char echo[64] = {8};

int main(int count, char **words) {
  if (count == 6 && !strcmp(words[1], "http")) {
    http(words[2], atoi(words[3]), atol(words[4]), atof(words[5]));
  } else if (count == 4 && !strcmp(words[1], "postgres")) {
    postgres(words[2], atol(words[3]));
  } else if (count == 5 && !strcmp(words[1], "redis")) {
    redis(words[2], atoi(words[3]), atol(words[4]));
  } else if (count == 5 && !strcmp(words[1], "udp")) {
    exchange(words[2], atoi(words[3]), IPPROTO_UDP, question, sizeof question - 1, atol(words[4]));
  } else if (count == 4 && !strcmp(words[1], "icmp")) {
    exchange(words[2], 0, IPPROTO_ICMP, echo, sizeof echo, atol(words[3]));
  } else {
    fprintf(stderr, "usage: floor http ADDRESS PORT COUNT RATE | floor postgres CONNINFO COUNT |\n"
                    "       floor redis ADDRESS PORT COUNT |\n"
                    "       floor udp ADDRESS PORT COUNT | floor icmp ADDRESS COUNT\n");
    return 64;
  }
  return 0;
}
