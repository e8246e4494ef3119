#include "common/http/request_rules.hpp"

#include "tests/unit/common/http/request_pieces.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace waitlab {
namespace {

struct Refused {
  const char* name;
  unsigned status;
  std::string text;
};

std::ostream& operator<<(std::ostream& out, const Refused& refused) {
  return out << refused.name;
}

std::string get_with(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
}

std::string get_of(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

std::string version_of(const std::string& version) {
  return "GET / " + version + "\r\nHost: test\r\n\r\n";
}

class RequestRules : public testing::TestWithParam<Refused> {
 public:
  static std::string name_of(const testing::TestParamInfo<Refused>& info) { return info.param.name; }
};

TEST_P(RequestRules, RefusesItHoweverItComes) {
  const std::string& text = GetParam().text;
  EXPECT_EQ(parse_whole(text).error_status, GetParam().status);
  EXPECT_EQ(parse_pieces(single_bytes(text)).error_status, GetParam().status);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(parse_pieces({text.substr(0, cut), text.substr(cut)}).error_status, GetParam().status) << cut;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, RequestRules,
    testing::Values(Refused{"FoldedField", 400, get_with("A: b\r\n c\r\n")},
                    Refused{"FoldedWithTab", 400, get_with("A: b\r\n\tc\r\n")},
                    Refused{"FoldedFirstField", 400, "GET / HTTP/1.1\r\n Host: test\r\n\r\n"},
                    Refused{"BareLfAfterTheRequestLine", 400, "GET / HTTP/1.1\nHost: test\r\n\r\n"},
                    Refused{"BareLfAfterAField", 400, get_with("A: b\n")},
                    Refused{"BareLfAtTheEnd", 400, "GET / HTTP/1.1\r\nHost: test\r\n\n"},
                    Refused{"BareCrInAField", 400, get_with("A: b\rc\r\n")},
                    Refused{"CrBeforeTheEnd", 400, "GET / HTTP/1.1\r\nHost: test\r\n\r\r\n\r\n"},
                    Refused{"NulInAField", 400, get_with(std::string("A: b\0c\r\n", 8))},
                    Refused{"SpaceBeforeTheColon", 400, get_with("A : b\r\n")},
                    Refused{"NoColon", 400, get_with("A\r\n")}, Refused{"NoName", 400, get_with(": b\r\n")}),
    RequestRules::name_of);

INSTANTIATE_TEST_SUITE_P(
    RequestLine, RequestRules,
    testing::Values(
        Refused{"NoTarget", 400, "GET HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"NoVersion", 400, "GET /\r\nHost: test\r\n\r\n"}, Refused{"EmptyVersion", 400, "GET / \r\n\r\n"},
        Refused{"MethodNoToken", 400, "G{T / HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"MethodEmpty", 400, " / HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"LineEmpty", 400, "\r\n\r\nHost: test\r\n\r\n"},
        Refused{"TwoSpaces", 400, "GET  / HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"TabForASpace", 400, "GET\t/ HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"SpaceInTheTarget", 400, get_of("/plain a")}, Refused{"BareCrInTheTarget", 400, get_of("/plain\ra")},
        Refused{"BareCrInTheMethod", 400, "GE\rT / HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"BareCrBehindTheVersion", 400, version_of("HTTP/1.1\r")},
        Refused{"BareCrBeforeTheVersion", 400, version_of("\rHTTP/1.1")},
        Refused{"BareCrInFront", 400, "\r" + get_of("/")}, Refused{"VersionWithoutMinor", 400, version_of("HTTP/1")},
        Refused{"VersionWithoutMinorButADot", 400, version_of("HTTP/1.")},
        Refused{"VersionOfAnotherMajorWithoutMinor", 400, version_of("HTTP/2")},
        Refused{"VersionOfTwoDigits", 400, version_of("HTTP/01.1")},
        Refused{"VersionOfTwoDigitsBehind", 400, version_of("HTTP/1.10")},
        Refused{"VersionInLowerCase", 400, version_of("http/1.1")},
        Refused{"VersionOfAnotherProtocol", 400, version_of("ICY/1.1")},
        Refused{"SpaceBehindTheVersion", 400, version_of("HTTP/1.1 ")},
        Refused{"TabBehindTheVersion", 400, version_of("HTTP/1.1\t")},
        Refused{"LetterBehindTheVersion", 400, version_of("HTTP/1.1x")},
        Refused{"VersionWithAComma", 400, version_of("HTTP/1,1")},
        Refused{"VersionOfLetters", 400, version_of("HTTP/x.1")}, Refused{"Http3", 505, version_of("HTTP/3.0")},
        Refused{"Http9", 505, version_of("HTTP/9.9")}, Refused{"Http2Preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        Refused{"Connect", 501, "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"ConnectToAPath", 501, "CONNECT / HTTP/1.1\r\nHost: test\r\n\r\n"},
        Refused{"EscapeCutShort", 400, get_of("/%4")}, Refused{"EscapeOfNothing", 400, get_of("/a%?b")},
        Refused{"EscapeThatIsNoHex", 400, get_of("/%4g")},
        Refused{"EscapeThatIsNoHexInAbsoluteForm", 400, get_of("http://test/%zz")},
        Refused{"Http2", 505, "GET / HTTP/2.0\r\nHost: test\r\n\r\n"},
        Refused{"Http09", 505, "GET / HTTP/0.9\r\nHost: test\r\n\r\n"}, Refused{"StarForGet", 400, get_of("*")},
        Refused{"Fragment", 400, get_of("/a#b")}, Refused{"RelativeTarget", 400, get_of("plain")},
        Refused{"AuthorityForm", 400, get_of("test:80")}, Refused{"OtherScheme", 400, get_of("ftp://test/")},
        Refused{"AbsoluteWithoutHost", 400, get_of("http:///plain")},
        Refused{"AbsoluteWithUser", 400, get_of("http://me@test/plain")},
        Refused{"ControlInTheTarget", 400, get_of("/a\x01")}),
    RequestRules::name_of);

INSTANTIATE_TEST_SUITE_P(Host, RequestRules,
                         testing::Values(Refused{"Missing", 400, "GET / HTTP/1.1\r\n\r\n"},
                                         Refused{"Repeated", 400, get_with("Host: test\r\n")},
                                         Refused{"RepeatedInAnotherCase", 400, get_with("hOST: other\r\n")},
                                         Refused{"RepeatedUnderHttp10", 400,
                                                 "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
                                         Refused{"TwoInOne", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
                                         Refused{"WithAPath", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
                                         Refused{"NoIpv6", 400, "GET / HTTP/1.1\r\nHost: [::zz]\r\n\r\n"},
                                         Refused{"Ipv4InBrackets", 400, "GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n\r\n"},
                                         Refused{"OpenBracket", 400, "GET / HTTP/1.1\r\nHost: [\r\n\r\n"},
                                         Refused{"BehindTheBracket", 400, "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"},
                                         Refused{"EscapeOfNoHex", 400, "GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n"},
                                         Refused{"WithAUser", 400, "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"},
                                         Refused{"WithABadPort", 400, "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n"}),
                         RequestRules::name_of);

INSTANTIATE_TEST_SUITE_P(
    Framing, RequestRules,
    testing::Values(
        Refused{"LengthRepeated", 400, get_with("Content-Length: 0\r\nContent-Length: 0\r\n")},
        Refused{"LengthsThatDiffer", 400, get_with("Content-Length: 0\r\nContent-Length: 1\r\n")},
        Refused{"LengthList", 400, get_with("Content-Length: 0, 0\r\n")},
        Refused{"LengthSigned", 400, get_with("Content-Length: +0\r\n")},
        Refused{"LengthNegative", 400, get_with("Content-Length: -1\r\n")},
        Refused{"LengthEmpty", 400, get_with("Content-Length:\r\n")},
        Refused{"LengthHex", 400, get_with("Content-Length: 0x0\r\n")},
        Refused{"LengthTooBigToCount", 400, get_with("Content-Length: 18446744073709551616\r\n")},
        Refused{"EncodingAfterLength", 400, get_with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
        Refused{"LengthAfterEncoding", 400, get_with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
        Refused{"EncodingRepeated", 400, get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        Refused{"EncodingChunkedTwice", 501, get_with("Transfer-Encoding: chunked, chunked\r\n")},
        Refused{"EncodingNotChunked", 400, get_with("Transfer-Encoding: gzip\r\n")},
        Refused{"EncodingChunkedNotLast", 400, get_with("Transfer-Encoding: chunked, gzip\r\n")},
        Refused{"EncodingUnknown", 501, get_with("Transfer-Encoding: gzip, chunked\r\n")},
        Refused{"EncodingEmpty", 400, get_with("Transfer-Encoding:\r\n")},
        Refused{"EncodingIdentity", 400, get_with("Transfer-Encoding: identity\r\n")},
        Refused{"EncodingUnderHttp10", 400, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
        Refused{"UnknownExpectation", 417, get_with("Expect: a-miracle\r\n")}),
    RequestRules::name_of);

INSTANTIATE_TEST_SUITE_P(
    Chunks, RequestRules,
    testing::Values(Refused{"NoSize", 400, chunked_request("\r\nwait\r\n0\r\n\r\n")},
                    Refused{"SizeNoHex", 400, chunked_request("g\r\nwait\r\n0\r\n\r\n")},
                    Refused{"SizeSigned", 400, chunked_request("+4\r\nwait\r\n0\r\n\r\n")},
                    Refused{"SizeWithPrefix", 400, chunked_request("0x4\r\nwait\r\n0\r\n\r\n")},
                    Refused{"LongerThanItsSize", 400, chunked_request("4\r\nwaits\r\n0\r\n\r\n")},
                    Refused{"EndedByLf", 400, chunked_request("4\nwait\n0\n\n1\r\n")},
                    Refused{"SizeTooBigToCount", 400, chunked_request("10000000000000004\r\nwait\r\n")},
                    Refused{"LfInAnExtension", 400, chunked_request("4;a\nwait\r\n0\r\n\r\n")},
                    Refused{"LfInAQuotedExtension", 400, chunked_request("4;a=\"\n\"\r\nwait\r\n0\r\n\r\n")},
                    Refused{"LineBreakInAQuotedExtension", 400, chunked_request("4;a=\"\r\n\"\r\nwait\r\n0\r\n\r\n")},
                    Refused{"QuotedWithoutEnd", 400, chunked_request("4;a=\"b\r\nwait\r\n0\r\n\r\n")},
                    Refused{"QuotedWithoutEndInTheLast", 400, chunked_request("0;a=\"\r\n\r\n")},
                    Refused{"ExtensionWithoutAName", 400, chunked_request("4;\r\nwait\r\n0\r\n\r\n")},
                    Refused{"ExtensionWithoutAValue", 400, chunked_request("4;a=\r\nwait\r\n0\r\n\r\n")},
                    Refused{"WordBehindTheSize", 400, chunked_request("4 a\r\nwait\r\n0\r\n\r\n")},
                    Refused{"BlankBehindTheSize", 400, chunked_request("4 \r\nwait\r\n0\r\n\r\n")},
                    Refused{"BareCrBehindTheSize", 400, chunked_request("4\r\r\nwait\r\n0\r\n\r\n")},
                    Refused{"NoLineBreakBehindAChunk", 400, chunked_request("4\r\nwait0\r\n\r\n")},
                    Refused{"BareLfBehindAChunk", 400, chunked_request("4\r\nwait\n0\r\n\r\n")},
                    Refused{"BareLfInTheTrailer", 400, chunked_request("0\r\nA: b\n\r\n")},
                    Refused{"BareLfBehindTheLast", 400, chunked_request("0\n\r\n")},
                    Refused{"FoldedTrailer", 400, chunked_request("0\r\nA: b\r\n c\r\n\r\n")},
                    Refused{"TrailerWithoutAColon", 400, chunked_request("0\r\nA\r\n\r\n")},
                    Refused{"EncodingInTrailer", 400, chunked_request("0\r\nTransfer-Encoding: chunked\r\n\r\n")},
                    Refused{"LengthInTrailer", 400, chunked_request("0\r\nContent-Length: 1\r\n\r\n")}),
    RequestRules::name_of);

TEST(RequestRulesInOneHead, AcceptWhatOnlyLooksOdd) {
  for (const std::string& text :
       {get_with("A:\r\n"), get_with("A:b\r\n"), get_with("A:  b  \r\n"), get_with("Content-Length: 00\r\n"),
        std::string("GET / HTTP/1.1\r\nHost:\r\n\r\n"), std::string("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), std::string("get /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET / HTTP/1.0\r\n\r\n"), get_with("Expect: 100-CONTINUE\r\n"), get_of("/a?%"),
        get_of("/a%2Fb")}) {
    EXPECT_TRUE(parse_whole(text).complete) << text;
  }
  EXPECT_TRUE(parse_whole(chunked_request("0\r\n\r\n")).complete);
  EXPECT_EQ(parse_whole(chunked_request("4 ; a = \"b;\\\"\" ;c\r\nwait\r\n0;d=e\r\n\r\n")).body, "wait");
  EXPECT_TRUE(parse_whole("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n").complete);
}

TEST(RequestRulesInOneHead, SayWhatIsWrong) {
  RequestParser parser;
  parser.put(get_with("Host: other\r\n"));
  ASSERT_TRUE(parser.error());
  EXPECT_EQ(parser.error()->detail, "Host is malformed or repeated");
}

std::string_view wrong_with(const std::string& text) {
  RequestParser parser;
  parser.put(text);
  return parser.error() ? parser.error()->detail : std::string_view();
}

TEST(RequestRulesInOneHead, SayWhatIsWrongWithTheRequestLine) {
  EXPECT_EQ(wrong_with(version_of("HTTP/1")), "what follows the request target is no HTTP version, such as HTTP/1.1");
  EXPECT_EQ(wrong_with(version_of("HTTP/2.0")), "the HTTP version must be 1.0 or 1.1");
  EXPECT_EQ(wrong_with(get_of("/%4g")), "the target's path has a % without two hexadecimal digits");
  EXPECT_EQ(wrong_with("GET /" + std::string(20'000, 'x')),
            "the request line alone is longer than a head may be (limits.header_bytes)");
}

TEST(RequestRulesInOneHead, RefuseARequestLineBeforeTheFieldsCome) {
  EXPECT_EQ(parse_whole("GET / HTTP/2.0\r\n").error_status, 505U);
  EXPECT_EQ(parse_whole("GET /\r\n").error_status, 400U);
  EXPECT_EQ(parse_whole("GET / HTTP/1.1\r\n").error_status, 0U);
}

TEST(HeadScan, FindsTheEndOfTheHead) {
  HeadScan scan;
  EXPECT_EQ(scan.put("GET / HTTP/1.1\r\nA: b\r\n\r\nrest"), 24U);
  EXPECT_TRUE(scan.complete());
  EXPECT_EQ(scan.put("more"), 0U);
  scan.restart();
  EXPECT_FALSE(scan.complete());
}

}  // namespace
}  // namespace waitlab
