#pragma once
// Which instruction sets this CPU has and the operating system saves, by the x86-64 levels that
// the kernel modules are compiled for. Header only; 0 everywhere on other processors.

#if defined(__x86_64__)
#include <cpuid.h>
#include <xmmintrin.h>

static inline unsigned long long CPUFeatures_savedState(void) {
  unsigned eax, edx;
  __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return (unsigned long long)edx << 32 | eax;
}

static inline int CPUFeatures_has(unsigned found, unsigned wanted) {
  return (found & wanted) == wanted;
}

/// 2, 3 or 4 of the x86-64 micro-architecture levels (1 counts as 2 here: no kernel needs more).
static inline int CPUFeatures_level(void) {
  unsigned a, b, c, d, b7, c7, d7, a7, ce, de;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 2;
  const unsigned fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28,
                 f16c = 1u << 29;
  if (!CPUFeatures_has(c, fma | movbe | osxsave | avx | f16c)) return 2;
  if ((CPUFeatures_savedState() & 0x6) != 0x6) return 2;  // XMM and YMM
  if (!__get_cpuid_count(7, 0, &a7, &b7, &c7, &d7)) return 2;
  if (!__get_cpuid(0x80000001, &a, &b, &ce, &de)) return 2;
  const unsigned bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8, lzcnt = 1u << 5;
  if (!CPUFeatures_has(b7, bmi1 | avx2 | bmi2) || !CPUFeatures_has(ce, lzcnt)) return 2;
  if ((CPUFeatures_savedState() & 0xe6) != 0xe6) return 3;  // opmask and ZMM
  const unsigned avx512f = 1u << 16, avx512dq = 1u << 17, avx512cd = 1u << 28,
                 avx512bw = 1u << 30, avx512vl = 1u << 31;
  return CPUFeatures_has(b7, avx512f | avx512dq | avx512cd | avx512bw | avx512vl) ? 4 : 3;
}

/// Has this thread's arithmetic take numbers too small for a full mantissa for 0, or not, and
/// returns whether it did before: they are no use here, and a hundred times as slow.
static inline int CPUFeatures_flushDenormals(int flushes) {
  const unsigned both = 0x8040;  // FTZ and DAZ
  const unsigned before = _mm_getcsr();
  _mm_setcsr(flushes ? before | both : before & ~both);
  return (before & both) == both;
}

/// Tells the processor that this thread only waits for another: what shares its core goes on.
static inline void CPUFeatures_pause(void) { _mm_pause(); }
#elif defined(__aarch64__)
static inline int CPUFeatures_level(void) { return 0; }

static inline int CPUFeatures_flushDenormals(int flushes) {
  const unsigned long flag = 1ul << 24;  // FZ
  unsigned long before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(flushes ? before | flag : before & ~flag));
  return (before & flag) != 0;
}

static inline void CPUFeatures_pause(void) { __asm__ volatile("isb"); }
#else
static inline int CPUFeatures_level(void) { return 0; }
static inline int CPUFeatures_flushDenormals(int flushes) { return 0; }
static inline void CPUFeatures_pause(void) {}
#endif
