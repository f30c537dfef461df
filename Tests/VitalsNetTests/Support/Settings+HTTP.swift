import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension Settings {
    /// Of a check of a URL.
    init(http url: String, _ others: [String: Settings.Value] = [:]) {
        self.init(target: TargetText(url), as: "url")
        for (name, value) in others { set(name, value) }
    }
}

extension Settings.Value {
    static func text(_ text: String) -> Settings.Value { .text(TargetText(text)) }

    static func texts(_ texts: [String]) -> Settings.Value { .list(texts.map { .text(TargetText($0)) }) }

    static func pairs(_ pairs: KeyValuePairs<String, String>) -> Settings.Value {
        .pairs(pairs.map { Settings.Pair(name: $0, value: TargetText($1)) })
    }

    static func object(_ values: [String: Settings.Value]) -> Settings.Value { .object(Settings(values)) }
}

extension TestNetwork {
    /// One run of a check of a URL.
    func run(
        http url: String, _ others: [String: Settings.Value] = [:], timeout: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        await run(try http(Settings(http: url, others)), timeout: timeout)
    }
}

/// A response with a length.
func httpResponse(_ status: Int = 200, _ headers: [String] = [], body: String = "") -> String {
    (["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"] + headers).map { $0 + "\r\n" }
        .joined() + "\r\n" + body
}
