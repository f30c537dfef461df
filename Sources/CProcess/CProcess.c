#define _GNU_SOURCE
#include "CProcess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int prepare_files(posix_spawn_file_actions_t *files, const char *directory, int output, int errors) {
    int error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(files, output, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(files, errors, 2);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(files, 3);
    if (!error) error = posix_spawn_file_actions_addchdir_np(files, directory);
    return error;
}

static int prepare_attributes(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    int error = posix_spawnattr_setflags(attributes, flags);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    return error;
}

int process_start(pid_t *pid, const char *path, char *const arguments[], char *const environment[],
                  const char *directory, int output, int errors) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&files);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = prepare_files(&files, directory, output, errors);
        if (!error) error = prepare_attributes(&attributes);
        if (!error) error = posix_spawn(pid, path, &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return error;
}

int process_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == -1) return errno;
    *reading = ends[0];
    *writing = ends[1];
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1 ? errno : 0;
}

int process_descriptor(pid_t pid) {
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    (void)pid;
    return -1;
#endif
}

int process_has_ended(pid_t pid) {
    siginfo_t info = {0};
    int result;
    do {
        result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    } while (result == -1 && errno == EINTR);
    return result == -1 || info.si_pid == pid;
}

// Of what is heard: where it is told, and what nobody wanted to hear when this program was started.
static int told = -1;
static sigset_t ignored;

static void tell(int number) {
    int before = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(told, &byte, 1);
    (void)written;
    errno = before;
}

// Signals that nobody can hear, or by which a mistake of our own is told; two belong to the C library.
static int is_heard(int number) {
    switch (number) {
    case SIGKILL: case SIGSTOP: case SIGSEGV: case SIGBUS: case SIGFPE: case SIGILL: case SIGTRAP:
    case SIGABRT: case SIGSYS: case SIGPIPE: case SIGTTIN: case SIGTTOU: case 32: case 33:
        return 0;
    default:
        return 1;
    }
}

int process_hear_signals(int descriptor) {
    told = descriptor;
    sigemptyset(&ignored);
    int flags = fcntl(descriptor, F_GETFL);
    if (flags == -1 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == -1) return errno;
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction before;
        if (number == 32 || number == 33 || sigaction(number, NULL, &before) == -1) continue;
        int is_ignored = before.sa_handler == SIG_IGN && number != SIGCHLD;
        if (is_ignored) sigaddset(&ignored, number);
        if (is_ignored || !is_heard(number)) continue;
        struct sigaction hearing = {.sa_handler = tell, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
        sigfillset(&hearing.sa_mask);
        if (sigaction(number, &hearing, NULL) == -1) return errno;
    }
    return 0;
}

int process_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1 ? errno : 0;
}

// What the process was started with beyond the first three descriptors, in rising order.
static int *inherited;
static size_t inherited_count;

static int by_number(const void *one, const void *other) {
    return *(const int *)one - *(const int *)other;
}

// Before any thread or library opens something, which would look the same.
__attribute__((constructor(101))) static void note_inherited(void) {
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) return;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char *end;
        int number = (int)strtol(entry->d_name, &end, 10);
        if (end == entry->d_name || *end || number <= 2 || number == dirfd(folder)) continue;
        int *more = realloc(inherited, (inherited_count + 1) * sizeof(int));
        if (!more) break;
        inherited = more;
        inherited[inherited_count++] = number;
    }
    closedir(folder);
    if (inherited_count) qsort(inherited, inherited_count, sizeof(int), by_number);
}

static int keep_inherited(posix_spawn_file_actions_t *files) {
    int last = 2;
    for (size_t index = 0; index < inherited_count; index++) {
        // What lies between two of them is ours.
        for (int number = last + 1; number < inherited[index]; number++) {
            int error = posix_spawn_file_actions_addclose(files, number);
            if (error) return error;
        }
        last = inherited[index];
    }
    return posix_spawn_file_actions_addclosefrom_np(files, last + 1);
}

static int prepare_wrapped(posix_spawnattr_t *attributes) {
    sigset_t usual, none;
    sigfillset(&usual);
    sigemptyset(&none);
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigismember(&ignored, number) == 1) sigdelset(&usual, number);
    }
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    int error = posix_spawnattr_setflags(attributes, flags);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &usual);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    return error;
}

// The terminal is the child's, if it was ours.
static void hand_over_terminal(pid_t child) {
    if (!isatty(0) || tcgetpgrp(0) != getpgrp()) return;
    sigset_t stopping, before;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stopping, &before);
    // It may have tried to read before it was allowed to.
    if (tcsetpgrp(0, child) == 0) kill(child, SIGCONT);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int process_wrap(pid_t *pid, char *const arguments[], char *const environment[]) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&files);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = keep_inherited(&files);
        if (!error) error = prepare_wrapped(&attributes);
        if (!error) error = posix_spawnp(pid, arguments[0], &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    if (!error) hand_over_terminal(*pid);
    return error;
}
