# vx_require(TARGET PACKAGE): ends the configuration with one clear sentence where a dependency is
# missing. PACKAGE is the Debian (and Ubuntu) package that brings it.
function(vx_require target package)
  if(NOT TARGET ${target})
    message(FATAL_ERROR
      "veltrix: ${target} was not found. On Debian or Ubuntu the package ${package} brings it:\n"
      "    apt-get install --no-install-recommends ${package}\n"
      "Elsewhere, name its place with -DCMAKE_PREFIX_PATH=<prefix>.")
  endif()
endfunction()
