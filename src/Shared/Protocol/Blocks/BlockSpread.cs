namespace DistTrain.Protocol.Blocks;

/// <summary>
/// Who fetches one block from whom, when many are to have it: its origin serves the first few, and whoever has it serves a few more, so that
/// no node sends it more often than that. Decides alone; for one owner.
/// </summary>
/// <param name="fanOut">How many the origin serves, and each who has it; at least 1.</param>
public sealed class BlockSpread(int fanOut)
{
    // In the order in which they had it: equal loads go to the earlier one.
    readonly List<Holder> _holders = [new Holder(null)];

    /// <summary>Those who have it, beside its origin.</summary>
    public int HolderCount => _holders.Count - 1;

    /// <summary>Whom the next one is to ask.</summary>
    /// <param name="reader">Who asks; nobody is sent to himself.</param>
    /// <param name="source">A holder; null for the origin.</param>
    /// <returns>False where all who have it serve as many as they should: more will have it soon.</returns>
    public bool TryTake(string? reader, out string? source)
    {
        var free = _holders.Where(holder => holder.ServedCount < fanOut && (holder.Address is null || holder.Address != reader))
            .MinBy(holder => holder.ServedCount);
        source = free?.Address;
        if (free is not null) free.ServedCount++;
        return free is not null;
    }

    /// <summary>A node has it and gives it to others.</summary>
    public void Add(string holder)
    {
        if (_holders.TrueForAll(known => known.Address != holder)) _holders.Add(new Holder(holder));
    }

    /// <summary>A node is gone.</summary>
    public void Remove(string holder) => _holders.RemoveAll(known => known.Address == holder);

    sealed class Holder(string? address)
    {
        public string? Address { get; } = address;

        public int ServedCount { get; set; }
    }
}
