using Akka.Actor;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// Tells workers through whom to answer, as they come and go (<see cref="CombiningPlan"/>): only those for whom something has changed.
/// Belongs to one actor.
/// </summary>
/// <param name="fanOut">How many workers the coordinator hears directly, at least 1.</param>
sealed class CombiningGroups(RunId run, Term term, int fanOut)
{
    readonly List<Member> _members = [];

    /// <summary>A worker takes part; to say so again changes nothing.</summary>
    /// <param name="gate">Who is told what the worker is to do.</param>
    /// <param name="worker">The actor at the worker's end, which others can send to.</param>
    public void Enter(WorkerId id, IActorRef gate, IActorRef worker)
    {
        if (_members.Exists(member => member.Gate.Equals(gate))) return;
        _members.RemoveAll(member => member.Id == id); // Its life before: that gate has yet to end.
        _members.Add(new Member(id, gate, Akka.Serialization.Serialization.SerializedActorPath(worker)));
        Assign();
    }

    /// <summary>The worker behind a gate no longer takes part.</summary>
    public void Leave(IActorRef gate)
    {
        if (Remove(gate)) Assign();
    }

    /// <summary>The last one takes the place of the one that left, so that hardly anything changes for others.</summary>
    bool Remove(IActorRef gate)
    {
        var place = _members.FindIndex(member => member.Gate.Equals(gate));
        if (place < 0) return false;
        _members[place] = _members[^1];
        _members.RemoveAt(_members.Count - 1);
        return true;
    }

    void Assign()
    {
        var shares = CombiningPlan.Of([.. _members.Select(member => member.Id)], fanOut);
        var paths = _members.ToDictionary(member => member.Id, member => member.Path);
        for (var i = 0; i < _members.Count; i++)
        {
            var share = shares.IsEmpty ? new CombiningShare(_members[i].Id, _members[i].Id, 0) : shares[i];
            Tell(_members[i], share.Combiner == share.Worker ? null : paths[share.Combiner], share.MemberCount);
        }
    }

    void Tell(Member member, string? combiner, int memberCount)
    {
        if (member.Combiner == combiner && member.MemberCount == memberCount) return;
        (member.Combiner, member.MemberCount) = (combiner, memberCount);
        member.Gate.Tell(new CombiningAssigned(run, term, combiner, memberCount));
    }

    sealed class Member(WorkerId id, IActorRef gate, string path)
    {
        public WorkerId Id { get; } = id;

        public IActorRef Gate { get; } = gate;

        public string Path { get; } = path;

        /// <summary>As it was last told.</summary>
        public string? Combiner { get; set; }

        public int MemberCount { get; set; }
    }
}

/// <summary>A gate to its conductor: its worker takes part in the run from now on.</summary>
sealed record WorkerServed(WorkerId Worker, IActorRef WorkerEnd) : INoSerializationVerificationNeeded;

/// <summary>A gate to its conductor: its worker takes part no longer.</summary>
sealed record WorkerLetGo : INoSerializationVerificationNeeded
{
    public static WorkerLetGo Instance { get; } = new();
}
