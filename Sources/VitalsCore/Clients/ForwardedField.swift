/// What one proxy said of whom it asks for.
struct ForwardedHop: Equatable {
    /// Nothing: it did not say, or nothing that is an address.
    let address: IPAddress?
    let scheme: String?
    let host: String?

    init(address: IPAddress?, scheme: String?, host: String?) {
        self.address = address
        self.scheme = scheme.map { $0.lowercased() }.flatMap { ["http", "https"].contains($0) ? $0 : nil }
        self.host = host.map { $0.lowercased() }.flatMap { Self.isHost($0) ? $0 : nil }
    }

    /// `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`, `2001:db8::1`; nothing for `unknown` and names.
    static func address(_ text: some StringProtocol) -> IPAddress? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            let address = IPAddress(text[text.index(after: text.startIndex)..<end])
            return rest.isEmpty || rest.first == ":" && address?.bytes.count == 16 ? address : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return IPAddress(parts.count == 2 ? String(parts[0]) : String(text))
    }

    private static func isHost(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-._:[]".utf8.contains(byte)
                }
            }
    }
}

/// The field `Forwarded` (RFC 7239): `for=192.0.2.1;proto=https;host=vitals.example.com,
/// for="[2001:db8::1]"`.
enum ForwardedField {
    /// From the outermost proxy to the nearest. What is no pair of a name and a value is passed over.
    static func hops(in fields: [String]) -> [ForwardedHop] {
        fields.flatMap { elements(of: $0) }
    }

    private static func elements(of field: String) -> [ForwardedHop] {
        split(field[...], at: UInt8(ascii: ",")).map { element in
            var values: [String: String] = [:]
            for pair in split(element, at: UInt8(ascii: ";")) {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                // Of one that is given twice nobody knows which is meant.
                let name = String(parts[0]).trimmed.lowercased()
                values[name] = values[name] == nil ? unquoted(String(parts[1]).trimmed) : ""
            }
            return ForwardedHop(
                address: values["for"].flatMap { ForwardedHop.address($0) }, scheme: values["proto"],
                host: values["host"])
        }
    }

    /// At a mark that stands outside of quotation marks.
    private static func split(_ text: Substring, at mark: UInt8) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == mark, !isQuoted {
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
        }
        return parts + [text[start...]]
    }

    private static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var inner = ""
        var isEscaped = false
        for scalar in text.unicodeScalars.dropFirst().dropLast() {
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            inner.unicodeScalars.append(scalar)
            isEscaped = false
        }
        return inner
    }
}
