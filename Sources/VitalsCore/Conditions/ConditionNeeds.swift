/// What conditions ask for: so that a probe keeps only that, and refuses what it never has.
package struct ConditionNeeds: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let status = ConditionNeeds(rawValue: 1 << 0)
    package static let headers = ConditionNeeds(rawValue: 1 << 1)
    package static let body = ConditionNeeds(rawValue: 1 << 2)
    package static let address = ConditionNeeds(rawValue: 1 << 3)
    package static let connected = ConditionNeeds(rawValue: 1 << 4)
    package static let dnsCode = ConditionNeeds(rawValue: 1 << 5)
    package static let certificate = ConditionNeeds(rawValue: 1 << 6)
    package static let latency = ConditionNeeds(rawValue: 1 << 7)
    package static let phases = ConditionNeeds(rawValue: 1 << 8)
    package static let rows = ConditionNeeds(rawValue: 1 << 9)

    /// What every probe has.
    package static let always: ConditionNeeds = [.connected, .latency, .phases]

    /// As conditions name them: `[BODY]`, `[STATUS]`, in a fixed order.
    package var names: [String] {
        Subject.Name.allCases.filter { contains($0.need) }.map { "[\($0.rawValue)]" }
    }
}
