/* Watches one audio callback from inside the process: preloaded, it counts what the thread does between entry and exit.
 *
 * Allocations and locks are seen by standing before the C library's functions. System calls are seen by the kernel's
 * syscall user dispatch (Linux 5.11): while the callback runs, any of them raises SIGSYS in that thread, wherever it
 * comes from. x86-64 only; elsewhere and on older kernels `police_sees_syscalls` stays 0. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define DISPATCH 59                          /* PR_SET_SYSCALL_USER_DISPATCH */
#define PUBLIC __attribute__((visibility("default")))

typedef int (*audio_callback)(const void *, void *, unsigned long, const void *, unsigned long, void *);
struct beat { audio_callback callback; void *user; };

PUBLIC long police_callbacks, police_allocations, police_locks, police_syscalls, police_last_syscall = -1;
PUBLIC int police_sees_syscalls;

static __thread volatile char selector;      /* 0 allow, 1 block */
static __thread volatile int inside, enrolled;

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void allocation(void) { if (inside) __atomic_add_fetch(&police_allocations, 1, __ATOMIC_RELAXED); }
static void lock(void) { if (inside) __atomic_add_fetch(&police_locks, 1, __ATOMIC_RELAXED); }

PUBLIC void *malloc(size_t n) { allocation(); return __libc_malloc(n); }
PUBLIC void *calloc(size_t n, size_t m) { allocation(); return __libc_calloc(n, m); }
PUBLIC void *realloc(void *p, size_t n) { allocation(); return __libc_realloc(p, n); }
PUBLIC void *memalign(size_t a, size_t n) { allocation(); return __libc_memalign(a, n); }
PUBLIC void *aligned_alloc(size_t a, size_t n) { allocation(); return __libc_memalign(a, n); }
PUBLIC int posix_memalign(void **p, size_t a, size_t n) { allocation(); *p = __libc_memalign(a, n); return *p ? 0 : 12; }
PUBLIC void free(void *p) { allocation(); __libc_free(p); }

#define LOCKING(name, parameters, arguments) \
    PUBLIC int name parameters { static int (*next) parameters; lock(); \
        if (!next) \
            next = (int (*) parameters)dlsym(RTLD_NEXT, #name); \
        return next arguments; }
LOCKING(pthread_mutex_lock, (pthread_mutex_t *m), (m))
LOCKING(pthread_mutex_trylock, (pthread_mutex_t *m), (m))
LOCKING(pthread_rwlock_rdlock, (pthread_rwlock_t *m), (m))
LOCKING(pthread_rwlock_wrlock, (pthread_rwlock_t *m), (m))
LOCKING(pthread_spin_lock, (pthread_spinlock_t *m), (m))
LOCKING(pthread_cond_wait, (pthread_cond_t *c, pthread_mutex_t *m), (c, m))
LOCKING(pthread_cond_signal, (pthread_cond_t *c), (c))
LOCKING(pthread_cond_broadcast, (pthread_cond_t *c), (c))
LOCKING(sem_wait, (sem_t *s), (s))
LOCKING(sem_post, (sem_t *s), (s))

#if defined(__x86_64__)
static void on_syscall(int number, siginfo_t *info, void *context)
{
    (void)number;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    selector = 0;                            /* the rest of this callback, and the return from here, go unwatched */
    __atomic_add_fetch(&police_syscalls, 1, __ATOMIC_RELAXED);
    police_last_syscall = info->si_syscall;
    long result = syscall(info->si_syscall, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]);
    r[REG_RAX] = result;
}

static void enrol(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_syscall;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    if (sigaction(SIGSYS, &action, NULL) == 0 && prctl(DISPATCH, 1, 0L, 0L, (char *)&selector) == 0)
        police_sees_syscalls = 1;
}
#else
static void enrol(void) {}
#endif

PUBLIC int police_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    struct beat *beat = user;
    if (!enrolled) {
        enrolled = 1;
        enrol();
    }
    inside = 1;
    selector = 1;
    int result = beat->callback(in, out, frames, time, flags, beat->user);
    selector = 0;
    inside = 0;
    __atomic_add_fetch(&police_callbacks, 1, __ATOMIC_RELAXED);
    return result;
}

/* Deeds the test does inside a callback to see that the police sees them. */
PUBLIC int guilty_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)in; (void)out; (void)frames; (void)time; (void)flags; (void)user;
    void *volatile memory = malloc(100);
    free(memory);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    getppid();
    return 0;
}
