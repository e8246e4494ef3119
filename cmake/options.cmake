# What every target of the project is compiled with. Targets link `waitlab::options`; there are no global flags.
set(WAITLAB_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")

add_library(waitlab_options INTERFACE)
add_library(waitlab::options ALIAS waitlab_options)
target_include_directories(waitlab_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(waitlab_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
target_compile_definitions(waitlab_options INTERFACE
  WAITLAB_VERSION="${PROJECT_VERSION}"
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  BOOST_BEAST_SEPARATE_COMPILATION
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(CMAKE_UNITY_BUILD)
  # A source that a unit includes looks to GCC like a header, in which an anonymous namespace would be a mistake, and
  # what is global in it is global in the others too: a name is held against the locals around it only.
  target_compile_options(waitlab_options INTERFACE
    -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage$<SEMICOLON>-Wshadow=local>)
endif()
# What tests are compiled with besides: linked last. Each runs but once, and to optimise it takes longer than that.
add_library(waitlab_test_options INTERFACE)
add_library(waitlab::test_options ALIAS waitlab_test_options)
target_compile_options(waitlab_test_options INTERFACE -O0)
if(WAITLAB_SANITIZE)
  # What a sanitizer finds fails the test. -O0, for to optimise what it put in takes longer than the tests gain, and may
  # take a fault out.
  target_compile_options(waitlab_options INTERFACE
    -fsanitize=${WAITLAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O0 -g1)
  target_compile_definitions(waitlab_options INTERFACE WAITLAB_SANITIZED)
  target_link_options(waitlab_options INTERFACE -fsanitize=${WAITLAB_SANITIZE})
endif()
