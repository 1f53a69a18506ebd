using System.Numerics;

namespace DistTrain.Data.Preparation;

/// <summary>A set of numbers 0 … 2³¹ − 1 that knows each member's rank: how LIBSVM's indices are renumbered.</summary>
/// <remarks>
/// A bitmap in pages of 2¹⁶ numbers, made as they are touched, with the count of members before each word: adding and ranking take
/// constant time, and a million neighbouring members fit the second-level cache.
/// </remarks>
sealed class IndexSet
{
    const int PageBits = 16;
    const int WordBits = 6;
    const int WordsPerPage = 1 << (PageBits - WordBits);

    readonly Page?[] _pages = new Page?[1 << (31 - PageBits)];

    public IndexSet()
    {
    }

    /// <param name="members">Ascending. The set is counted.</param>
    public IndexSet(IEnumerable<int> members)
    {
        foreach (var member in members) Add(member);
        CountMembers();
    }

    /// <summary>Members, once counted.</summary>
    public int Count { get; private set; }

    public void Add(int index)
    {
        var page = _pages[index >> PageBits] ??= new Page();
        page.Words[WordOf(index)] |= 1UL << index;
    }

    /// <summary>Makes ranks known; to be called after the last <see cref="Add"/>.</summary>
    public void CountMembers()
    {
        Count = 0;
        foreach (var page in _pages)
        {
            if (page is null) continue;
            for (var word = 0; word < WordsPerPage; word++)
            {
                page.RankOfWord[word] = Count;
                Count += BitOperations.PopCount(page.Words[word]);
            }
        }
    }

    /// <summary>How many members are smaller than <paramref name="index"/>; −1 where it is not a member.</summary>
    public int RankOf(int index)
    {
        if (_pages[index >> PageBits] is not { } page) return -1;

        var (word, bit) = (page.Words[WordOf(index)], 1UL << index);
        return (word & bit) == 0 ? -1 : page.RankOfWord[WordOf(index)] + BitOperations.PopCount(word & (bit - 1));
    }

    /// <summary>All members, ascending.</summary>
    public int[] ToArray()
    {
        var members = new int[Count];
        var rank = 0;
        for (var p = 0; p < _pages.Length; p++)
        {
            if (_pages[p] is not { } page) continue;
            for (var w = 0; w < WordsPerPage; w++)
            {
                for (var word = page.Words[w]; word != 0; word &= word - 1)
                    members[rank++] = (p << PageBits) + (w << WordBits) + BitOperations.TrailingZeroCount(word);
            }
        }
        return members;
    }

    static int WordOf(int index) => (index >> WordBits) & (WordsPerPage - 1);

    sealed class Page
    {
        public ulong[] Words { get; } = new ulong[WordsPerPage];

        public int[] RankOfWord { get; } = new int[WordsPerPage];
    }
}
