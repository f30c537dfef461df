#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

// Starts a program in a process group of its own, with nothing of ours open but the two descriptors, which
// become its standard output and error; its input is empty. Every signal is as at the start of a program.
// Returns 0, or the errno of what failed, that of exec included.
int process_start(pid_t *pid, const char *path, char *const arguments[], char *const environment[],
                  const char *directory, int output, int errors);

// A pipe that no other program inherits; its reading end never waits. Returns 0, or an errno.
int process_pipe(int *reading, int *writing);

// A descriptor that becomes readable when the process ends; -1 where there is no such thing.
int process_descriptor(pid_t pid);

// Whether a child of ours has ended; it is left to be waited for, so that its number stays its own.
int process_has_ended(pid_t pid);

#endif
