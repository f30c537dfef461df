import Glibc
import VitalsCore

/// Who writes a row: at most 64 letters, digits, dashes and dots, so that it needs no care in any SQL.
enum ProberName {
    static func made(of text: String) -> String {
        String(
            text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" }
                .prefix(64))
    }

    /// Of a run that belongs to no server: of this machine and the target.
    static func ofCommand(host: String, target: String) -> String {
        let hash = StableHash.mix(StableHash.fnv1a("\(host)|\(target)"))
        return "check-" + String(hash, radix: 16)
    }
}

extension HostName {
    /// What this machine calls itself; empty when it will not say.
    static let ofThisMachine: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}
