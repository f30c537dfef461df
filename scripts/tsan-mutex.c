// The thread sanitizer does not see into libswiftSynchronization: where threads wait for a Mutex, the lock is
// handed over by the kernel (a futex), and what the lock orders looks like a race. Loaded before that library,
// this tells the sanitizer of each handing over. Where nobody waits the compiler puts the lock into our own
// code, and the sanitizer sees it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// Only the tests have a sanitizer, not those who start them.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *lock
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slowly(SELF) __asm__(UNLOCK);

SWIFT void lock_slowly(uint32_t thread, SELF) {
    SWIFT void (*real)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    real(thread, lock);
    if (__tsan_acquire) __tsan_acquire(lock);
}

SWIFT void unlock_slowly(SELF) {
    SWIFT void (*real)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(lock);
    real(lock);
}
