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
    public IActorRef? Combiner
    {
        get;
        set
        {
            if (Equals(field, value)) return;
            field = value;
            foreach (var offered in _awaited.Values.ToArray()) tellCoordinator(offered); // Whoever had them is no longer asked.
            _awaited.Clear();
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

    /// <summary>
    /// A block should have been taken by now. If it has not, the combiner is not answered through any more, until another is assigned.
    /// </summary>
    public void GiveUp(string hash)
    {
        if (_awaited.ContainsKey(hash)) Combiner = null;
    }

    /// <summary>Nobody waits for any of it any more.</summary>
    public void Clear() => _awaited.Clear();
}
