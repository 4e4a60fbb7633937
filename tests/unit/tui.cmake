foreach(module grid keymap units widgets text_table view_stages view_sites story)
  unit_test(${module} USES tui)
endforeach()
# Keys at random, and memory running out, on the demo of the screens.
unit_test(explorer USES screens_demo tui)
unit_test(line_diff USES tui)
unit_test(view_present USES screens_demo tui)
