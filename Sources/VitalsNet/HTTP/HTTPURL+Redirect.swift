import VitalsEngine

extension HTTPURL {
    /// Longer than any that a browser follows.
    private static let maximumLocation = 8_192

    /// What a `Location` means, seen from here (RFC 9110, 10.2.2; RFC 3986, 5.2). Spaces and letters outside
    /// ASCII are sent as browsers send them.
    ///
    /// - Throws: what is wrong with it; never any part of it.
    func following(_ location: String) throws(TargetError) -> HTTPURL {
        guard location.utf8.count <= Self.maximumLocation else {
            throw TargetError("the Location is longer than \(Self.maximumLocation) bytes")
        }
        let text = Self.escaped(location)
        let start = text.prefix { !":/?#".contains($0) }
        if !start.isEmpty, text.dropFirst(start.count).first == ":" { return try HTTPURL(parsing: text) }
        if text.hasPrefix("//") { return try HTTPURL(parsing: (isSecure ? "https:" : "http:") + text) }

        let reference = text.prefix { $0 != "#" }
        let path = requestTarget.prefix { $0 != "?" }
        if reference.isEmpty { return try HTTPURL(parsing: origin + requestTarget) }
        if reference.hasPrefix("?") { return try HTTPURL(parsing: origin + path + reference) }
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
        let whole = reference.hasPrefix("/") ? String(reference) : directory + reference
        return try HTTPURL(parsing: origin + Self.withoutDots(whole))
    }

    private static func escaped(_ location: String) -> String {
        guard !location.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return location }
        return PercentEncoding.encode(location, keeping: printable)
    }

    private static let printable = String(decoding: 0x21...0x7E as ClosedRange<UInt8>, as: UTF8.self)

    /// RFC 3986, 5.2.4: `/a/../b/./c` is `/b/c`. What follows a `?` is no path.
    private static func withoutDots(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            case ".":
                if isLast { kept.append("") }
            default:
                kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + target.dropFirst(path.count)
    }
}
