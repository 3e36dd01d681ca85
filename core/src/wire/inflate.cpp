#include "wire/inflate.h"

#include <fmt/format.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace rocketlink::wire {

namespace {

enum class Step : std::uint8_t {
  kMore,  ///< needs room, or goes on
  kDone,
  kDamaged,
};

/// What one call of a library took and gave.
struct Progress {
  Step step = Step::kDamaged;
  std::size_t taken = 0;
  std::size_t given = 0;
};

Error damaged(std::string_view what) {
  return {ErrorCode::kData, fmt::format("its compressed body is damaged: {}", what)};
}

constexpr std::size_t kFirstRoomBytes = 256;  ///< at least, for what a body inflates to; doubled while it is too little

/// Lets `step(input, room)` fill a string that doubles under `max_bytes`. One byte of room beyond it tells a body that
/// just fits from one that does not.
template <class StepFunction>
Result<std::string> grow(std::string_view bytes, std::size_t max_bytes, StepFunction&& step) {
  std::string out;
  std::size_t used = 0;
  out.resize(std::min(max_bytes + 1, std::max(bytes.size() * 4, kFirstRoomBytes)));
  for (;;) {
    const Progress progress = step(bytes, out.data() + used, out.size() - used);
    if (progress.step == Step::kDamaged) return damaged("the stream is not valid");
    bytes.remove_prefix(progress.taken);
    used += progress.given;
    if (used > max_bytes)
      return Error(ErrorCode::kData, fmt::format("its body is larger than {} bytes when decompressed", max_bytes));
    if (progress.step == Step::kDone) break;
    if (used == out.size()) {
      out.resize(std::min(max_bytes + 1, out.size() * 2));
    } else if (progress.taken == 0 && progress.given == 0) {
      return damaged("it ends too early");
    }
  }
  out.resize(used);
  return out;
}

}  // namespace

struct Inflater::Streams {
  Streams() = default;
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  ~Streams() {
    if (zlib_ready) inflateEnd(&zlib);
    LZ4F_freeDecompressionContext(lz4);
    ZSTD_freeDStream(zstd);
  }

  z_stream zlib{};
  bool zlib_ready = false;
  LZ4F_dctx* lz4 = nullptr;
  ZSTD_DStream* zstd = nullptr;
};

Inflater::Inflater() = default;
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

namespace {

Result<std::string> inflate_zlib(z_stream& stream, std::string_view bytes, std::size_t max_bytes) {
  return grow(bytes, max_bytes, [&](std::string_view in, char* out, std::size_t room) {
    // zlib reads through a pointer that is not const by default, but does not write.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));  // NOLINT
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = static_cast<uInt>(room);
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    Progress progress;
    progress.taken = in.size() - stream.avail_in;
    progress.given = room - stream.avail_out;
    if (code == Z_STREAM_END) progress.step = Step::kDone;
    if (code == Z_OK || code == Z_BUF_ERROR) progress.step = Step::kMore;
    return progress;
  });
}

Result<std::string> inflate_lz4(LZ4F_dctx* context, std::string_view bytes, std::size_t max_bytes) {
  LZ4F_resetDecompressionContext(context);
  return grow(bytes, max_bytes, [&](std::string_view in, char* out, std::size_t room) {
    Progress progress;
    progress.taken = in.size();
    progress.given = room;
    const std::size_t hint = LZ4F_decompress(context, out, &progress.given, in.data(), &progress.taken, nullptr);
    if (LZ4F_isError(hint) != 0) return progress;
    // Frames may follow each other; the end of one with nothing behind it is the end.
    progress.step = hint == 0 && progress.taken == in.size() ? Step::kDone : Step::kMore;
    return progress;
  });
}

Result<std::string> inflate_zstd(ZSTD_DStream* stream, std::string_view bytes, std::size_t max_bytes) {
  ZSTD_initDStream(stream);
  return grow(bytes, max_bytes, [&](std::string_view in, char* out, std::size_t room) {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out, room, 0};
    const std::size_t hint = ZSTD_decompressStream(stream, &output, &input);
    Progress progress;
    progress.taken = input.pos;
    progress.given = output.pos;
    if (ZSTD_isError(hint) != 0) return progress;
    progress.step = hint == 0 && input.pos == input.size ? Step::kDone : Step::kMore;
    return progress;
  });
}

}  // namespace

Result<std::string> Inflater::inflate(Compression compression, std::string_view bytes, std::size_t max_bytes) {
  if (bytes.empty()) return damaged("it is empty");
  if (!streams_) streams_ = std::make_unique<Streams>();
  switch (compression) {
    case Compression::kZlib:
      if (!streams_->zlib_ready) {
        if (inflateInit(&streams_->zlib) != Z_OK) return Error(ErrorCode::kInternal, "zlib cannot be set up");
        streams_->zlib_ready = true;
      } else {
        inflateReset(&streams_->zlib);
      }
      return inflate_zlib(streams_->zlib, bytes, max_bytes);
    case Compression::kLz4:
      if (streams_->lz4 == nullptr && LZ4F_isError(LZ4F_createDecompressionContext(&streams_->lz4, LZ4F_VERSION)) != 0)
        return Error(ErrorCode::kInternal, "LZ4 cannot be set up");
      return inflate_lz4(streams_->lz4, bytes, max_bytes);
    case Compression::kZstd:
      if (streams_->zstd == nullptr) streams_->zstd = ZSTD_createDStream();
      if (streams_->zstd == nullptr) return Error(ErrorCode::kInternal, "zstd cannot be set up");
      return inflate_zstd(streams_->zstd, bytes, max_bytes);
  }
  return Error(ErrorCode::kInternal, "unknown compression");
}

}  // namespace rocketlink::wire
