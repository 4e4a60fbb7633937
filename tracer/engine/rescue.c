#include "engine/rescue.h"

#include <signal.h>

struct rescue_sigaction rescue_action(tracee_addr base)
{
    enum { RESTORER = 0x04000000 }; /* SA_RESTORER, linux/signal.h */

    /* NODEFER: the program may meet a breakpoint within a handler that
     * interrupts ours. ONSTACK: its own stack may have no room left. */
    return (struct rescue_sigaction){
        .handler = base,
        .flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | RESTORER,
        .restorer = base + (uint64_t)(rescue_restorer - rescue_code),
    };
}
