/// The two forms in which metrics are written.
package enum MetricFormat: Sendable, CaseIterable {
    /// Prometheus's own, 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What suits an `Accept`: OpenMetrics where it is asked for by name and nothing that text would answer
    /// is wanted more; text else, also for those who want neither: half an answer is better than none.
    package init(accept: String?) {
        var openMetrics = 0
        var text = 0
        for range in (accept ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { Self.trimmed($0).lowercased() }
            guard let type = parts.first else { continue }
            let weight = Self.weight(parts.dropFirst())
            let version = parts.dropFirst().first { $0.hasPrefix("version=") }?.dropFirst("version=".count)
            switch type {
            case "application/openmetrics-text" where version == nil || version == "1.0.0":
                openMetrics = max(openMetrics, weight)
            case "text/plain" where version == nil || version == "0.0.4": text = max(text, weight)
            default: break
            }
        }
        self = openMetrics > 0 && openMetrics >= text ? .openMetrics : .text
    }

    /// Thousandths; what cannot be read is as much as 1.
    private static func weight(_ parameters: ArraySlice<String>) -> Int {
        guard let text = parameters.first(where: { $0.hasPrefix("q=") })?.dropFirst(2),
            let weight = Double(text), (0...1).contains(weight)
        else { return 1_000 }
        return Int(weight * 1_000)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
