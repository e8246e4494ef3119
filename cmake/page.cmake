# Web pages that are built into a program: one HTML file with everything in it and a security policy that lets exactly
# that in, so that a page needs no network and runs nothing that came with its data.

# waitlab_sha256_base64(OUT TEXT): the hash of a text as a security policy wants it. CMake has hexadecimal hashes only:
# three of their digits are two of base64.
function(waitlab_sha256_base64 out text)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  string(SHA256 hash "${text}")
  string(APPEND hash 00)
  set(base64 "")
  foreach(begin RANGE 0 63 3)
    string(SUBSTRING ${hash} ${begin} 3 digits)
    math(EXPR high "0x${digits} / 64")
    math(EXPR low "0x${digits} % 64")
    string(SUBSTRING ${alphabet} ${high} 1 high)
    string(SUBSTRING ${alphabet} ${low} 1 low)
    string(APPEND base64 ${high}${low})
  endforeach()
  string(REGEX REPLACE ".$" "=" base64 ${base64})
  set(${out} ${base64} PARENT_SCOPE)
endfunction()

# waitlab_page(NAME HTML page.html STYLES a.css … SCRIPTS a.js … [LIBRARY chart.min.js] [ALLOW "connect-src 'self'"]):
# writes NAME.html to the binary folder, and NAME.cpp, which defines it as `waitlab::NAME`, and its policy, for a server
# to send with it, as `waitlab::NAME_policy`, both `const std::string_view`. In the HTML, @POLICY@, @STYLE@, @LIBRARY@
# and @SCRIPT@ are replaced by the text of each. Styles and scripts are joined in their order, the scripts to one whose
# names are its own. ALLOW adds to the policy.
function(waitlab_page name)
  cmake_parse_arguments(PAGE "" "HTML;LIBRARY" "STYLES;SCRIPTS;ALLOW" ${ARGN})
  set(STYLE "")
  set(SCRIPT "'use strict';\n(() => {\n")
  set(LIBRARY "")
  foreach(file IN LISTS PAGE_STYLES)
    file(READ ${file} text)
    string(APPEND STYLE "${text}")
  endforeach()
  foreach(file IN LISTS PAGE_SCRIPTS)
    file(READ ${file} text)
    string(APPEND SCRIPT "${text}\n")
  endforeach()
  string(APPEND SCRIPT "})();\n")
  if(PAGE_LIBRARY)
    file(READ ${PAGE_LIBRARY} LIBRARY)
  endif()
  foreach(part SCRIPT STYLE LIBRARY)
    waitlab_sha256_base64(${part}_HASH "${${part}}")
  endforeach()
  set(POLICY "default-src 'none'; script-src 'sha256-${SCRIPT_HASH}' 'sha256-${LIBRARY_HASH}'; \
style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'")
  foreach(directive IN LISTS PAGE_ALLOW)
    string(APPEND POLICY "; ${directive}")
  endforeach()
  configure_file(${PAGE_HTML} ${name}.html @ONLY)
  file(READ ${CMAKE_CURRENT_BINARY_DIR}/${name}.html TEXT)
  file(CONFIGURE OUTPUT ${name}.cpp @ONLY CONTENT [==[
#include <string_view>

namespace waitlab {

extern const std::string_view @name@;
const std::string_view @name@ = R"PAGE(@TEXT@)PAGE";

extern const std::string_view @name@_policy;
const std::string_view @name@_policy = R"POLICY(@POLICY@)POLICY";

}  // namespace waitlab
]==])
  # The standard asks of a compiler no string as long as a page.
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PAGE_HTML} ${PAGE_STYLES} ${PAGE_SCRIPTS} ${PAGE_LIBRARY})
endfunction()
