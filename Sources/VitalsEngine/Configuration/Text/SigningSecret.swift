import VitalsCore

/// Secrets of webhooks, after the Standard Webhooks convention.
enum SigningSecret {
    private static let prefix = "whsec_"
    private static let maximumLength = 1_024

    /// `whsec_` and base64, or any other text. No complaint repeats it.
    static func parse(_ given: Given) throws(Complaint) -> Secret {
        let text = given.text
        guard !text.isEmpty else {
            throw Complaint("is empty; leave it out if messages are not to be signed")
        }
        guard text.utf8.count <= maximumLength else {
            throw Complaint("is too long; at most \(maximumLength) bytes")
        }
        if text.hasPrefix(prefix), !isBase64(text.dropFirst(prefix.count)) {
            throw Complaint("begins with whsec_, but what follows is not base64 (with its = at the end)")
        }
        return Secret(text)
    }

    private static func isBase64(_ text: Substring) -> Bool {
        let digits = text.utf8.prefix { byte in
            ASCII.isLetter(byte) || ASCII.isDigit(byte) || "+/".utf8.contains(byte)
        }
        let padding = text.utf8.dropFirst(digits.count)
        return !digits.isEmpty && padding.allSatisfy { $0 == UInt8(ascii: "=") } && padding.count <= 2
            && text.utf8.count % 4 == 0
    }
}
