foreach(module grid keymap units widgets text_table view_stages view_sites story)
  unit_test(${module} USES tui)
endforeach()
# Keys at random, and memory running out, on the demo of the screens.
unit_test(explorer USES screens_demo tui)
