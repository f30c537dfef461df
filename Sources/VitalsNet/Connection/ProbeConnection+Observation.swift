import NIOCore
import VitalsCore

extension ProbeConnection {
    /// What conditions may ask for, if there are any.
    var observation: Observation? {
        guard !target.needs.isEmpty else { return nil }
        var observation = Observation()
        observation.isConnected = route.isConnected
        if route.isConnected, route.addresses.indices.contains(route.index) {
            observation.address = route.addresses[route.index].ipAddress
        }
        observation.certificateTimeLeft = certificateEnd.map { .seconds($0 - loop.secondsSinceEpoch) }
        dialogue.observe(&observation)
        return observation
    }
}
