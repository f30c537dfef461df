import Glibc
import VitalsCore

/// The time zone database of this machine.
struct TimeZoneFolder: Sendable {
    let path: String

    static let system = TimeZoneFolder(path: "/usr/share/zoneinfo")

    private static let mostNamesBytes = 1 << 20

    /// The rules of a place.
    ///
    /// - Parameter name: `Europe/Berlin`.
    /// - Throws: what is wrong, and which name may have been meant.
    func rules(_ name: String) throws(TimeZoneError) -> TimeZoneRules {
        if ["UTC", "Etc/UTC"].contains(name) { return .utc }
        let shown = "'\(name.prefix(64))'"
        let isPlain =
            !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "/_+-".utf8.contains(byte)
            }
        guard isPlain, !name.isEmpty else { throw TimeZoneError("\(shown) is no time zone") }
        guard access(path, R_OK) == 0 else {
            throw TimeZoneError(
                "\(shown) cannot be looked up: there is no \(path) here; install the package tzdata")
        }
        guard let bytes = read("\(path)/\(name)", upTo: TimeZoneFile.mostBytes) else {
            let meant = NearestName.to(name, among: names()).map { "; did you mean \($0)?" } ?? ""
            throw TimeZoneError("\(shown) is no time zone\(meant)")
        }
        do throws(TimeZoneError) {
            return TimeZoneRules(name, try TimeZoneFile(parsing: bytes))
        } catch {
            throw TimeZoneError("\(path)/\(name) is no time zone file: \(error.message)")
        }
    }

    /// Every name there is, of the text from which the files are made; none where that is missing.
    private func names() -> [String] {
        guard let bytes = read("\(path)/tzdata.zi", upTo: Self.mostNamesBytes) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            switch words.first {
            case "Z" where words.count > 1: return String(words[1])
            case "L" where words.count > 2: return String(words[2])
            default: return nil
            }
        }
    }

    /// Nothing when there is no such file, or it is larger.
    private func read(_ path: String, upTo limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let size = bytes.count
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, size) }
        return count == size ? bytes : nil
    }
}
