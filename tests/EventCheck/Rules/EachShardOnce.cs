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
        if (line.Whole("shardCount") is { } wanted && line.Accepted is { } accepted)
            Count(line, wanted, [.. accepted.SelectMany(of => of.Shards)]);
        else
            Violated(line, "an evaluation that does not tell its shards");
    }

    void Count(EventLine line, long wanted, List<int> accepted)
    {
        var counted = accepted.ToHashSet();
        var twice = accepted.Count - counted.Count;
        var lost = Enumerable.Range(0, (int)wanted).Count(shard => !counted.Contains(shard));
        var strange = counted.Count(shard => shard >= wanted);
        (Evaluations, Shards, Lost, Twice) = (Evaluations + 1, Shards + wanted, Lost + lost, Twice + twice);
        if (lost + twice + strange == 0) return;
        var found = $"{lost} shards lost, {twice} counted twice, {strange} that it does not have";
        Violated(line, $"evaluation {line.Whole("evaluation")}: {found}");
    }
}
