import VitalsCore

extension GatusReading {
    mutating func conditions(_ draft: inout Draft) {
        let sources = draft.source["conditions"]?.items ?? []
        let recordType = draft.kind == "dns" ? draft.source["dns"]?["query-type"]?.text : nil
        let form = forms.first { $0.kind.name == draft.kind }
        for source in sources {
            guard let written = text(source, to: draft.place("conditions")) else { continue }
            let condition = GatusCondition(written, recordType: recordType)
            if ImportVariables.hasVariable(written) {
                ledger.note(
                    .changed, source, "is read once its variables are put in, and was not tried out here")
            } else if let refusal = refusal(of: condition.text, form) {
                ledger.drop(source, refusal)
                continue
            }
            for difference in condition.differences { ledger.note(.changed, source, difference) }
            draft.conditions.append(.string(condition.text))
        }
        guard draft.conditions.isEmpty, draft.kind != "heartbeat" else { return }
        ledger.note(
            .changed, draft.source,
            "has no condition that can be kept: it passes whenever its target answers")
    }

    private func refusal(of text: String, _ form: ProbeForm?) -> String? {
        do {
            let condition = try Condition(parsing: text)
            return form?.refusal(of: condition)
        } catch {
            return error.message
        }
    }
}
