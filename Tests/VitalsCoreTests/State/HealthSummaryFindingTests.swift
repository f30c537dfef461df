import Testing
import VitalsCore

@Suite("What somebody finds who looks at the whole")
struct HealthSummaryFindingTests {
    /// `orders:unhealthy`, with `?` behind it where that is not critical, `!` where it is overdue.
    private func fault(_ text: String) -> Fault? {
        HealthSummary(
            text.split(separator: " ").map { word in
                let parts = word.split(separator: ":")
                let state = parts[1].trimming { "?!".contains($0) }
                return HealthSummary.Component(
                    name: String(parts[0]), state: State(rawValue: state) ?? .unknown,
                    isCritical: !word.hasSuffix("?"), isOverdue: word.hasSuffix("!"))
            }
        ).fault
    }

    @Test(
        "it is down with a critical part, degraded with any other, and well without (S21)",
        arguments: [
            ("db:healthy store:healthy", nil, ""), ("db:healthy store:unknown", nil, ""),
            ("db:healthy store:unhealthy?", .conditionWarn, "store: FAIL, 1 OK"),
            ("db:unhealthy store:healthy sessions:healthy", .condition, "db: FAIL, 2 OK"),
            ("db:unhealthy store:unhealthy?", .condition, "db: FAIL, store: FAIL, 0 OK"),
            ("db:degraded store:healthy", .conditionWarn, "db: DEGRADED, 1 OK"),
            ("db:unknown! store:healthy", .conditionWarn, "db: FAIL, 1 OK"),
            ("db:healthy store:unknown?", nil, ""),
        ] as [(String, Cause?, String)])
    func finding(components: String, cause: Cause?, message: String) {
        #expect(fault(components)?.cause == cause)
        #expect(fault(components)?.message ?? "" == message)
    }

    @Test(
        "nothing is found while nothing is known", arguments: ["", "db:unknown", "db:unknown store:unknown?"])
    func unknown(components: String) {
        #expect(fault(components)?.cause == .internal)
    }

    @Test("many names are counted")
    func many() {
        let all = (1...50).map { "s\($0):unhealthy" }.joined(separator: " ")
        let message = fault(all)?.message ?? ""
        #expect(message.hasPrefix("s1: FAIL, s2: FAIL, "))
        #expect(message.hasSuffix("s20: FAIL, 30 more, 0 OK"))
    }
}

extension Substring {
    /// Without these at its end.
    fileprivate func trimming(_ isCut: (Character) -> Bool) -> String {
        var rest = self
        while let last = rest.last, isCut(last) { rest.removeLast() }
        return String(rest)
    }
}
