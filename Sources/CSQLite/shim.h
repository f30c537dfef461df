#include <sqlite3.h>
// The SQLite probe also asks what kind of file system a file is on, which Glibc's module leaves out.
#include <sys/vfs.h>
