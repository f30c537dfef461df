import NIOCore
import VitalsCore

@testable import VitalsEngine
@testable import VitalsNet

extension FuzzTarget {
    /// A URL of a check or a webhook, or a host and a port, as written.
    static let url = FuzzTarget(name: "url", feed: URLTarget.feed)
}

private enum URLTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let (host, port) = try? HostAndPort.parse(text) {
            let endpoint = Endpoint.host(host, port: port ?? 1).description
            let again = try? HostAndPort.parse(endpoint)
            try promise(again?.host == host && again?.port == port ?? 1, "\(endpoint) is not read back")
        }
        let url = try? HTTPURL(parsing: text)
        if let url { try check(url, text) }
        if let base = try? HTTPURL(parsing: "https://a/b/c?d"), let next = try? base.following(text) {
            let whole = next.origin + next.requestTarget
            try promise((try? HTTPURL(parsing: whole)) == next, "\(whole) is not read back")
        }
        let isWebhook = (try? WebAddress.webhook(Given(text))) != nil
        try promise(!isWebhook || url != nil, "the configuration takes a webhook that cannot be called")
    }

    private static func check(_ url: HTTPURL, _ text: String) throws(BrokenPromise) {
        let whole = url.origin + url.requestTarget
        try promise((try? HTTPURL(parsing: whole)) == url, "\(whole) is not read back")
        try promise(url.secrets.allSatisfy { !$0.revealed.isEmpty }, "an empty secret")

        let request = HTTPRequest("GET", url, userAgent: "vitals/1")
        let lines = String(decoding: request.bytes.readableBytesView, as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        try promise(lines.count == 7 && lines[5].isEmpty, "a request of \(lines.count) lines")
        try promise(lines[0].split(separator: " ").count == 3, "a request line that is none: \(lines[0])")

        // Hidden when it stands nowhere but in the value of a parameter that is known to be a secret.
        let hides = url.secrets.contains { $0.revealed.contains(secretMarker) }
        guard hides, text.ranges(of: secretMarker).count == 1 else { return }
        try promise(!url.redacted.contains(secretMarker), "shows a secret: \(url.redacted)")
        try promise(!url.origin.contains(secretMarker), "shows a secret: \(url.origin)")
    }
}
