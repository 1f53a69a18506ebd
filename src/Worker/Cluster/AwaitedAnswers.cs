using Akka.Actor;
using DistTrain.Protocol;

namespace DistTrain.Worker.Cluster;

/// <summary>
/// What a member of a group has told its combiner and nobody has taken yet: if that lasts too long, the coordinator is told itself. Belongs to
/// the member's gate.
/// </summary>
/// <param name="tellCoordinator">Tells the coordinator of it instead.</param>
sealed class AwaitedAnswers(Action<ContributionOffered> tellCoordinator)
{
    readonly Dictionary<string, ContributionOffered> _awaited = [];

    /// <summary>The actor at the combiner's end; null where the coordinator is answered.</summary>
    public ICanTell? Combiner
    {
        get;
        set
        {
            field = value;
            foreach (var hash in _awaited.Keys.ToArray()) GiveUp(hash); // Whoever had them is no longer asked.
        }
    }

    /// <summary>Tells the combiner.</summary>
    /// <param name="offered">With a ticket.</param>
    /// <param name="self">The member's gate, which hears when it is taken.</param>
    public void Tell(ContributionOffered offered, IActorRef self)
    {
        _awaited[offered.Sums.Ticket!.Hash] = offered;
        Combiner!.Tell(offered, self);
    }

    /// <summary>A block was taken.</summary>
    public void Taken(string hash) => _awaited.Remove(hash);

    /// <summary>A block has not been taken in time, if it still has not.</summary>
    public void GiveUp(string hash)
    {
        if (_awaited.Remove(hash, out var offered)) tellCoordinator(offered);
    }

    /// <summary>Nobody waits for any of it any more.</summary>
    public void Clear() => _awaited.Clear();
}
