#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>

#include "sql/quoting.h"

/// Words, names, literals and marks. Each takes the blanks behind it along (comments are blanks by now), so that a rule
/// that fails does so at the token that does not fit.
namespace rocketlink::sql::grammar {

namespace p = tao::pegtl;

/// A text as a template argument.
template <std::size_t N>
struct Text {
  char chars[N];
  consteval Text(const char (&text)[N]) { std::copy_n(text, N, chars); }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr std::string_view view() const { return {chars, N - 1}; }
};

/// `Rule`, or else the script is wrong here: `expected What, found …`, with a hint when one of `Near` is found
/// misspelt.
template <class Rule, Text What, Text... Near>
struct Must {
  using rule_t = Must;
  using subs_t = p::type_list<Rule>;

  template <p::apply_mode A, p::rewind_mode, template <class...> class Action, template <class...> class Control,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    const char* const at = in.current();
    if (Control<Rule>::template match<A, p::rewind_mode::dontcare, Action, Control>(in, builder)) return true;
    static constexpr std::array<std::string_view, sizeof...(Near)> kNear{Near.view()...};
    builder.fail_unexpected(at, What.view(), kNear);
  }
};

/// What Flink knows and the native engine does not do: where `Rule` fits, the script is refused, with `Why`, in which
/// {} stands for the word that is found.
template <class Rule, Text Why>
struct Refused {
  using rule_t = Refused;
  using subs_t = p::type_list<Rule>;

  template <p::apply_mode, p::rewind_mode, template <class...> class Action, template <class...> class Control,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    const char* const at = in.current();
    if (!Control<p::at<Rule>>::template match<p::apply_mode::nothing, p::rewind_mode::required, Action, Control>(
            in, builder)) {
      return false;
    }
    builder.fail_refused(at, Why.view());
  }
};

struct Blanks : p::star<p::one<' ', '\t', '\r', '\n', '\f', '\v'>> {};

/// The letters of identifiers without quotes, as in Calcite.
struct WordStart : p::sor<p::ranges<'a', 'z', 'A', 'Z'>, p::one<'_', '$'>,
                          p::utf8::ranges<0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x1FFF, 0x3040, 0x318F, 0x3300, 0x337F, 0x3400,
                                          0x3D2D, 0x4E00, 0x9FFF, 0xF900, 0xFAFF>> {};
struct WordPart : p::sor<WordStart, p::digit> {};
struct Word : p::seq<WordStart, p::star<WordPart>> {};

/// ASCII letters in any case.
template <Text Word>
struct Letters {
  using rule_t = Letters;
  using subs_t = p::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    constexpr std::string_view kWord = Word.view();
    if (in.size(kWord.size()) < kWord.size()) return false;
    const auto same = [](char have, char want) { return (have >= 'a' && have <= 'z' ? have - 32 : have) == want; };
    if (!std::equal(kWord.begin(), kWord.end(), in.current(), [&](char w, char h) { return same(h, w); })) return false;
    in.bump(kWord.size());
    return true;
  }
};

/// One of some words, written in capitals here and in any case in scripts.
template <Text... Words>
struct Keyword : p::seq<p::sor<p::seq<Letters<Words>, p::not_at<WordPart>>...>, Blanks> {};

template <char C>
struct Mark : p::seq<p::one<C>, Blanks> {};

/// A piece between quotes; that they are closed has been checked.
template <char Quote>
struct Quoted {
  using rule_t = Quoted;
  using subs_t = p::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    const std::string_view rest(in.current(), in.size(1));
    if (!rest.starts_with(Quote)) return false;
    in.bump(quoted_end(rest, 0));
    return true;
  }
};

struct PlainName : Word {};
struct BackquotedName : Quoted<'`'> {};
/// Any word is a name where a name is wanted: Flink's reserved words too, which want backquotes there.
struct Name : p::seq<p::sor<PlainName, BackquotedName>, Blanks> {};

struct UnicodeString : Refused<p::seq<p::one<'U', 'u'>, p::one<'&'>, p::one<'\''>>,
                               "strings of the form U&'…' are not read; write the characters themselves, in UTF-8"> {};
struct StringContent : Quoted<'\''> {};
struct String : p::seq<p::sor<UnicodeString, StringContent>, Blanks> {};

struct Digits : p::plus<p::digit> {};
struct Number : p::seq<Digits, p::not_at<WordPart>, Blanks> {};

}  // namespace rocketlink::sql::grammar
