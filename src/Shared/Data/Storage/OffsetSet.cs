using System.Numerics;
using System.Runtime.Intrinsics;

namespace DistTrain.Data.Storage;

/// <summary>A set of offsets in a panel; goes over its members in ascending order, in time that depends on how many they are.</summary>
sealed class OffsetSet
{
    // A bit of the summary for each word, a bit of a word for each offset.
    readonly ulong[] _words = new ulong[SparseColumns.PanelFeatures / 64];
    readonly ulong[] _summary = new ulong[SparseColumns.PanelFeatures / 64 / 64];

    public void Add(int offset)
    {
        _words[offset / 64] |= 1UL << (offset % 64);
        _summary[offset / 64 / 64] |= 1UL << (offset / 64 % 64);
    }

    /// <summary>Adds the offsets whose count is not 0.</summary>
    /// <param name="counts">For each offset of the panel, at least 0.</param>
    public void AddNonzeros(ReadOnlySpan<int> counts)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            var bits = 0UL;
            for (var i = 64 - Vector256<int>.Count; i >= 0; i -= Vector256<int>.Count)
            {
                var some = Vector256.GreaterThan(Vector256.Create(counts.Slice(word * 64 + i, Vector256<int>.Count)), Vector256<int>.Zero);
                bits = bits << Vector256<int>.Count | some.ExtractMostSignificantBits();
            }
            _words[word] |= bits;
            if (bits != 0) _summary[word / 64] |= 1UL << (word % 64);
        }
    }

    public void Clear()
    {
        for (var i = 0; i < _summary.Length; i++)
        {
            for (var words = _summary[i]; words != 0; words &= words - 1) _words[i * 64 + BitOperations.TrailingZeroCount(words)] = 0;
            _summary[i] = 0;
        }
    }

    public Members GetEnumerator() => new(this);

    /// <summary>For a plain foreach; the set is not changed meanwhile.</summary>
    public struct Members(OffsetSet set)
    {
        int _summaryIndex = -1;
        ulong _wordsLeft;
        int _word;
        ulong _bitsLeft;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_bitsLeft == 0)
            {
                if (!FindWord()) return false;
            }
            Current = _word * 64 + BitOperations.TrailingZeroCount(_bitsLeft);
            _bitsLeft &= _bitsLeft - 1;
            return true;
        }

        bool FindWord()
        {
            while (_wordsLeft == 0)
            {
                if (++_summaryIndex == set._summary.Length) return false;
                _wordsLeft = set._summary[_summaryIndex];
            }
            _word = _summaryIndex * 64 + BitOperations.TrailingZeroCount(_wordsLeft);
            _wordsLeft &= _wordsLeft - 1;
            _bitsLeft = set._words[_word];
            return true;
        }
    }
}
