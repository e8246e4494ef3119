# Precompiled headers. A good third of the time to compile went into reading the same headers of other projects again,
# so these are read once for the programs and once for the tests. Each file still includes what it needs: `./lab lint`
# tells from the texts.
#
# Left out is what only some sources use: it costs all, as inline functions are instantiated anew in each source. So is
# what a package's compile definitions change, as GCC takes a precompiled header only where they are the same.
set(WAITLAB_PRECOMPILED <algorithm> <array> <chrono> <cmath> <functional> <map> <memory> <mutex> <optional> <sstream>
  <string> <string_view> <utility> <vector> <boost/system/result.hpp>)

# waitlab_precompile(NAME HEADERS h … [LIBRARIES x …]): headers for waitlab_reuse_precompiled.
function(waitlab_precompile name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LIBRARIES" ${ARGN})
  file(CONFIGURE OUTPUT ${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE waitlab::options Boost::headers ${PCH_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
endfunction()

# waitlab_compile_for_size(TARGET): in Release, -Os.
function(waitlab_compile_for_size target)
  if(CMAKE_BUILD_TYPE STREQUAL Release)
    target_compile_options(${target} PRIVATE -Os)
    target_precompile_headers(${target} PRIVATE ${WAITLAB_PRECOMPILED})
  endif()
endfunction()

# waitlab_reuse_precompiled(NAME DIRECTORY): gives them to every target in a folder and below it that has none of its own.
function(waitlab_reuse_precompiled name directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(own ${target} PRECOMPILE_HEADERS)
    if(NOT own)
      target_precompile_headers(${target} REUSE_FROM ${name})
    endif()
  endforeach()
  get_property(folders DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(folder IN LISTS folders)
    waitlab_reuse_precompiled(${name} ${folder})
  endforeach()
endfunction()
