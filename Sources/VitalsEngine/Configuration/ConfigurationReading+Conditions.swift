import VitalsCore

extension ConfigurationReading {
    static let maximumConditions = 100

    /// What a check demands of an answer, beyond that there is one.
    ///
    /// - Parameter form: nothing: its kind is not known, which is told already.
    mutating func conditions(of section: Section, _ form: ProbeForm?) -> Conditions {
        let refusal: (Condition) -> String? = { form?.refusal(of: $0) }
        return Conditions(
            failing: conditions(section["conditions"], refusing: refusal),
            warning: conditions(section["warn_conditions"], refusing: refusal))
    }

    /// - Parameter refusal: why a condition makes no sense; nothing: it does.
    mutating func conditions(_ value: Value?, refusing refusal: (Condition) -> String?) -> [Condition] {
        guard let value else { return [] }
        var items = [value]
        if case .sequence = value.node.content { items = self.items(value) }
        if items.count > Self.maximumConditions {
            report(value, "has \(items.count) conditions; at most \(Self.maximumConditions)")
        }
        return items.compactMap { condition($0, refusing: refusal) }
    }

    private mutating func condition(
        _ item: Value, refusing refusal: (Condition) -> String?
    ) -> Condition? {
        guard let given = given(item) else { return nil }
        do {
            let condition = try Condition(parsing: given.text)
            if let refusal = refusal(condition) {
                report(item, refusal)
                return nil
            }
            return condition
        } catch {
            // What a variable stands for is not repeated.
            let hidden = "is no condition with the values of its variables put in"
            report(item, given.isVerbatim ? "column \(error.column): \(error.message)" : hidden)
            return nil
        }
    }
}
