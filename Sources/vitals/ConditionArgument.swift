import VitalsCore
import VitalsEngine

/// Conditions as they are written on the command line.
enum ConditionArgument {
    /// - Throws: what was found, where, and what was meant.
    static func read(
        _ texts: [String], of option: String, _ form: ProbeForm
    ) throws(TargetError) -> [Condition] {
        var conditions: [Condition] = []
        for text in texts {
            do {
                conditions.append(try read(text, form))
            } catch {
                throw TargetError("\(option) '\(text)': \(error.message)")
            }
        }
        return conditions
    }

    /// - Parameter form: of the kind that it is about; nothing: it may ask for anything.
    static func read(_ text: String, _ form: ProbeForm?) throws(TargetError) -> Condition {
        let condition: Condition
        do {
            condition = try Condition(parsing: text)
        } catch {
            throw TargetError("column \(error.column): \(error.message)")
        }
        if let refusal = form?.refusal(of: condition) { throw TargetError(refusal) }
        return condition
    }
}
