#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>
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

// From now on every signal that can be heard is written as one byte into the descriptor, and does nothing
// else; those that are ignored already stay so. Returns 0, or an errno.
int process_hear_signals(int descriptor);

// Whatever its descendants leave behind becomes this process's own child, to be waited for. Returns 0, or an
// errno.
int process_adopt_orphans(void);

// Starts a program, found on the path, with our input, output, errors and folder, in a process group of its
// own, which gets the terminal if it was ours. Of other descriptors it has those that we were started with.
// Every signal is as it was before `process_hear_signals`. Returns 0, or the errno of what failed, that of
// exec included.
int process_wrap(pid_t *pid, char *const arguments[], char *const environment[]);

#endif
