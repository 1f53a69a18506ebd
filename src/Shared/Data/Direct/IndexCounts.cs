namespace DistTrain.Data.Direct;

/// <summary>For each index that occurs, how many nonzeros it has, and whether others than ones; in pages that are made as they are met.</summary>
sealed class IndexCounts
{
    const int PageBits = 14;

    /// <summary>Most pages: indices that are scattered more widely than that would take more room than their rows.</summary>
    const int PagesMax = 1 << 10;

    readonly Page?[] _pages = new Page?[1 << (31 - PageBits)];
    int _pageCount;

    /// <summary>The indices do not lie too far apart to be counted so.</summary>
    public bool AreNear => _pageCount <= PagesMax;

    public void Add(int index, bool isOne)
    {
        var page = _pages[index >> PageBits] ?? NewPage(index);
        var place = index & ((1 << PageBits) - 1);
        page.Counts[place]++;
        if (!isOne) page.HasOthers[place] = true;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(IndexCounts other)
    {
        for (var p = 0; p < _pages.Length; p++)
        {
            if (other._pages[p] is not { } from) continue;
            var into = _pages[p] ?? NewPage(p << PageBits);
            for (var i = 0; i < from.Counts.Length; i++)
            {
                into.Counts[i] += from.Counts[i];
                into.HasOthers[i] |= from.HasOthers[i];
            }
        }
    }

    /// <summary>The indices that occur, ascending; for each its nonzeros, and whether it has others than ones.</summary>
    public (int[] Indices, int[] NonzeroCounts, bool[] HasOthers) Found()
    {
        var (indices, counts, others) = (new List<int>(), new List<int>(), new List<bool>());
        for (var p = 0; p < _pages.Length; p++)
        {
            if (_pages[p] is not { } page) continue;
            for (var i = 0; i < page.Counts.Length; i++)
            {
                if (page.Counts[i] == 0) continue;
                indices.Add((p << PageBits) + i);
                counts.Add(page.Counts[i]);
                others.Add(page.HasOthers[i]);
            }
        }
        return ([.. indices], [.. counts], [.. others]);
    }

    Page NewPage(int index)
    {
        _pageCount++;
        return _pages[index >> PageBits] = new Page();
    }

    sealed class Page
    {
        public int[] Counts { get; } = new int[1 << PageBits];

        public bool[] HasOthers { get; } = new bool[1 << PageBits];
    }
}
