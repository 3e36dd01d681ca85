#include "java_strings.h"

#include <cstdint>

namespace rocketlink::jni {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3F))); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    tail(0);
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The character at the front of `utf8`, which is moved behind it.
char32_t take(std::string_view& utf8) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
  const std::uint8_t first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  char32_t c = length < 2 ? first : first & (0xFFU >> (length + 1));
  bool sound = length > 0 && length <= utf8.size();
  for (std::size_t i = 1; sound && i < length; ++i) {
    sound = (byte(i) & 0xC0U) == 0x80;
    c = (c << 6) | (byte(i) & 0x3FU);
  }
  sound = sound && !(length == 3 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) &&
          !(length == 4 && (c < 0x10000 || c > 0x10FFFF));
  utf8.remove_prefix(sound ? length : 1);
  return sound ? c : kReplacement;
}

}  // namespace

std::string to_utf8(JNIEnv* env, jstring text) {
  std::string out;
  if (text == nullptr) return out;
  const jsize length = env->GetStringLength(text);
  std::u16string units(static_cast<std::size_t>(length), u'\0');
  env->GetStringRegion(text, 0, length, reinterpret_cast<jchar*>(units.data()));
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char16_t unit = units[i];
    if (unit < 0xD800 || unit >= 0xE000) {
      append(out, unit);
    } else if (unit < 0xDC00 && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000) {
      append(out, 0x10000 + (((unit - 0xD800U) << 10U) | (units[i + 1] - 0xDC00U)));
      ++i;
    } else {
      append(out, kReplacement);
    }
  }
  return out;
}

jstring to_java(JNIEnv* env, std::string_view utf8) {
  std::u16string units;
  units.reserve(utf8.size());
  while (!utf8.empty()) {
    const char32_t c = take(utf8);
    if (c < 0x10000) {
      units.push_back(static_cast<char16_t>(c));
    } else {
      units.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    }
  }
  return env->NewString(reinterpret_cast<const jchar*>(units.data()), static_cast<jsize>(units.size()));
}

std::vector<std::string> to_strings(JNIEnv* env, jobjectArray array) {
  std::vector<std::string> texts;
  const jsize length = env->GetArrayLength(array);
  for (jsize i = 0; i < length; ++i) {
    const auto text = static_cast<jstring>(env->GetObjectArrayElement(array, i));
    texts.push_back(to_utf8(env, text));
    env->DeleteLocalRef(text);
  }
  return texts;
}

jobjectArray to_java_array(JNIEnv* env, std::span<const std::string> texts) {
  const jclass string = env->FindClass("java/lang/String");
  const jobjectArray array = env->NewObjectArray(static_cast<jsize>(texts.size()), string, nullptr);
  for (std::size_t i = 0; array != nullptr && i < texts.size(); ++i) {
    const jstring text = to_java(env, texts[i]);
    if (text == nullptr) return nullptr;
    env->SetObjectArrayElement(array, static_cast<jsize>(i), text);
    env->DeleteLocalRef(text);
  }
  return array;
}

std::string to_bytes(JNIEnv* env, jbyteArray array, jsize length) {
  std::string bytes;
  if (array == nullptr) return bytes;
  bytes.resize(static_cast<std::size_t>(length < 0 ? env->GetArrayLength(array) : length));
  env->GetByteArrayRegion(array, 0, static_cast<jsize>(bytes.size()), reinterpret_cast<jbyte*>(bytes.data()));
  return bytes;
}

jbyteArray to_java_bytes(JNIEnv* env, std::string_view bytes) {
  const jbyteArray array = env->NewByteArray(static_cast<jsize>(bytes.size()));
  if (array == nullptr) return nullptr;
  env->SetByteArrayRegion(array, 0, static_cast<jsize>(bytes.size()), reinterpret_cast<const jbyte*>(bytes.data()));
  return array;
}

}  // namespace rocketlink::jni
