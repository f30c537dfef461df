import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A SQLite target as written.
    static let sqlite = FuzzTarget(name: "sqlite", feed: SQLiteTarget.feed)
}

private enum SQLiteTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        let dsn: SQLiteDSN
        do {
            dsn = try SQLiteDSN.parse(text)
        } catch {
            try promise(!error.message.isEmpty, "no message")
            return
        }
        try promise(!dsn.path.isEmpty && !dsn.path.utf8.contains(0), "no path: \(dsn)")
        let again = try? SQLiteDSN.parse(dsn.shown)
        try promise(again?.path == dsn.path, "\(dsn.shown) is not read back")
        try promise(again?.isImmutable == dsn.isImmutable, "\(dsn.shown) is read back as another")
        let uri = dsn.uri(mode: "ro", isImmutable: false)
        try promise(uri.hasSuffix("?mode=ro"), "opened in another mode: \(uri)")
        try promise(uri.utf8.count { $0 == UInt8(ascii: "?") } == 1, "parameters of others: \(uri)")
        try promise(!uri.contains("#"), "cut short: \(uri)")
    }
}
