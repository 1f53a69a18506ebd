namespace DistTrain.Learning.Kernels;

/// <summary>
/// How the K − 1 free classes of a row or a feature lie side by side: in groups of <see cref="Width"/> lanes, one group or several.
/// </summary>
/// <remarks>
/// Tables are kept group by group, [groups][rows or features][Width], so that one pass handles one group with a width known to the
/// compiler. Lanes beyond the last class hold zeros. One or two classes take two lanes, up to four take four; more take eights, of which a
/// group holds three or two where they come out even: each nonzero is then read once for all of them.
/// </remarks>
readonly record struct LaneLayout(int ClassCount)
{
    public int FreeClassCount => ClassCount - 1;

    /// <summary>Lanes of a group: 2, 4, 8, 16 or 24.</summary>
    public int Width => FreeClassCount <= 2 ? 2 : FreeClassCount <= 4 ? 4 : WidthOfEights((FreeClassCount + 7) / 8);

    public int GroupCount => (FreeClassCount + Width - 1) / Width;

    /// <summary>Lanes of all groups: K − 1 rounded up.</summary>
    public int LaneCount => GroupCount * Width;

    static int WidthOfEights(int count) => count % 3 == 0 ? 24 : count % 2 == 0 ? 16 : 8;

    /// <summary>
    /// Where free class <paramref name="freeClass"/> (0 is class 1) of entry
    /// <paramref name="entry"/> lies in a table of <paramref name="entryCount"/>.
    /// </summary>
    public int IndexOf(int freeClass, int entry, int entryCount)
    {
        var (group, lane) = Math.DivRem(freeClass, Width);
        return checked((group * entryCount + entry) * Width + lane);
    }
}
