using DistTrain.Learning;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Cluster;

/// <summary>What the gates of a reign have in common.</summary>
/// <param name="Shape">Of the run's models: sums of any other are refused unread.</param>
/// <param name="TermBeat">Between two signs of life to a worker; above 0.</param>
sealed record GateSetting(
    RunId Run, Term Term, ModelShape Shape, BlockExchange Exchange, ParametersShelf Shelf, ParametersPeers Peers, TimeSpan TermBeat)
{
    /// <summary>Longest time for putting parameters into bytes.</summary>
    public static readonly TimeSpan EncodingPatience = TimeSpan.FromMinutes(2);

    /// <summary>Completes when workers may be told that the run has ended, and end themselves; default at once.</summary>
    public Task WorkersMayGo { get; init; } = Task.CompletedTask;
}
