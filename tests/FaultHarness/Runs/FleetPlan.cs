using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Runs;

/// <summary>How many nodes, and where.</summary>
/// <param name="Workers">At the start; the coordinator waits for so many.</param>
/// <param name="Candidates">Coordinators: one conducts, the others stand by.</param>
/// <param name="Network">A host for each node; null: all on this machine.</param>
sealed record FleetPlan(int Workers, int Candidates = 1, Network? Network = null)
{
    public async Task<Place> NextPlaceAsync(CancellationToken stop) => Network is null ? Place.Here : await Network.AddHostAsync(stop);

    public override string ToString() =>
        $"{Workers} workers{(Candidates > 1 ? $", {Candidates} candidates" : "")}{(Network is null ? "" : ", a host each")}";
}
