extension HealthSummary {
    /// Names that are told; those beyond are counted.
    private static let mostNames = 20

    /// What somebody finds who looks at the whole: a fault while it is not well, none while it is.
    /// Inconclusive while nothing is known of any component.
    package var fault: Fault? {
        guard components.contains(where: { $0.shown != nil }) else {
            return Fault(.internal, in: .request, message: "nothing is known of any system yet")
        }
        return switch status {
        case .unhealthy: Fault(.condition, in: .request, message: words)
        case .degraded: Fault(.conditionWarn, in: .request, message: words)
        case .healthy, .unknown: nil
        }
    }

    /// `orders: FAIL, shop: DEGRADED, 12 OK`
    private var words: String {
        let bad = components.compactMap { component -> String? in
            switch component.shown {
            case .unhealthy: "\(component.name): FAIL"
            case .degraded: "\(component.name): DEGRADED"
            case .healthy, .unknown, nil: nil
            }
        }
        let left = bad.count - Self.mostNames
        let well = components.count { $0.shown == .healthy }
        let parts = bad.prefix(Self.mostNames) + (left > 0 ? ["\(left) more"] : []) + ["\(well) OK"]
        return parts.joined(separator: ", ")
    }
}
