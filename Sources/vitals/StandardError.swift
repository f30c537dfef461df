import Glibc

/// Where a command says what it has to say of itself.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let written = bytes[sent...].withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            guard written > 0 else { return }
            sent += written
        }
    }
}
