import NIOCore

/// What we say: each command an array of bulk strings, so that no byte in it means anything else.
enum RedisFrontend {
    static func command(_ words: [String]) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeString("*\(words.count)\r\n")
        for word in words {
            bytes.writeString("$\(word.utf8.count)\r\n\(word)\r\n")
        }
        return bytes
    }
}
