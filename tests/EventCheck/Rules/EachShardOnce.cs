namespace DistTrain.EventCheck.Rules;

/// <summary>The barrier: nothing lost, nothing counted twice.</summary>
sealed class EachShardOnce : Rule
{
    public override string Sentence => "every evaluation counts each of its shards exactly once";

    /// <summary>Evaluations whose shards were looked at.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Shards in them.</summary>
    public long Shards { get; private set; }

    /// <summary>Shards that no accepted contribution holds.</summary>
    public long Lost { get; private set; }

    /// <summary>Shards that a second accepted contribution holds.</summary>
    public long Twice { get; private set; }

    public override void See(EventLine line)
    {
        if (line.Event != "evaluation") return;
        if (line.Asked is { } asked && line.Accepted is { } accepted)
            Count(line, [.. asked], [.. accepted.SelectMany(of => of.Shards)]);
        else
            Violated(line, "an evaluation that does not tell its shards");
    }

    void Count(EventLine line, HashSet<int> asked, List<int> accepted)
    {
        var counted = accepted.ToHashSet();
        var twice = accepted.Count - counted.Count;
        var lost = asked.Count(shard => !counted.Contains(shard));
        var strange = counted.Count(shard => !asked.Contains(shard));
        (Evaluations, Shards, Lost, Twice) = (Evaluations + 1, Shards + asked.Count, Lost + lost, Twice + twice);
        if (lost + twice + strange == 0) return;
        var found = $"{lost} shards lost, {twice} counted twice, {strange} that it does not have";
        Violated(line, $"evaluation {line.Whole("evaluation")}: {found}");
    }
}
