unit_test(activations USES engine)
unit_test(displaced USES engine)
unit_test(probes USES engine)
unit_test(ptrace_stop USES engine)
