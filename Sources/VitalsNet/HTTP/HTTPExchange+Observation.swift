import NIOCore
import VitalsCore

extension HTTPExchange {
    func observe(_ observation: inout Observation) {
        guard let response else { return }
        observation.status = response.head.status
        observation.headers = response.head.headers.map { Observation.Header($0.name, $0.value) }
        observation.body = Array(response.body.readableBytesView)
        observation.isBodyCut = response.isCut
    }
}

extension HTTPPlan {
    /// Of the response as much is kept as conditions ask for; a status that they judge is judged by them
    /// alone.
    func observing(_ needs: ConditionNeeds) -> HTTPPlan {
        var plan = self
        plan.needs = needs
        if needs.contains(.headers) { plan.demand.keeps.insert(.headers) }
        if needs.contains(.body) { plan.demand.keeps.insert(.body) }
        if needs.contains(.status) { plan.demand.statuses = nil }
        return plan
    }
}
